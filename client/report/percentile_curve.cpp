#include "client/report/percentile_curve.hpp"

#include "client/stats/time_summary.hpp"

#include <array>

namespace waitlab::client {
namespace {

/// Preferred numbers (ISO 3, R10): 1 in so many requests is slower.
constexpr std::array<double, 10> one_in{1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8};

}  // namespace

PercentileCurve percentile_curve(const CensoredHistogram& times) {
  PercentileCurve curve;
  for (double decade = 1;; decade *= 10) {
    for (const double step : one_in) {
      const double quantile = 1 - 1 / (decade * step);
      const TimeFigure figure = percentile(times, quantile);
      if (!figure.value || figure.at_least) return curve;
      curve.push_back({quantile, *figure.value});
    }
  }
}

}  // namespace waitlab::client
