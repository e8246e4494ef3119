#include "client/record/time_summary.hpp"

#include <algorithm>
#include <cmath>

namespace waitlab::client {
namespace {

/// A quantile such as 0.99 is no exact binary fraction; this much slack makes 100 samples enough for it.
constexpr double rounding_slack = 1e-6;

}  // namespace

TimeFigure percentile(const HdrHistogram& histogram, double quantile) {
  const auto beyond = static_cast<double>(histogram.count()) * (1.0 - quantile);
  if (beyond < 1.0 - rounding_slack) return {};
  return {std::min(histogram.value_at(quantile), histogram.max()), false};
}

TimeFigure percentile(const CensoredHistogram& histogram, double quantile) {
  TimeFigure figure = percentile(histogram.values, quantile);
  figure.at_least = figure.value && *figure.value >= histogram.least_censored;
  return figure;
}

TimeSummary summarize(const CensoredHistogram& histogram) {
  const HdrHistogram& values = histogram.values;
  if (values.count() == 0) return {};
  const bool censored = histogram.censored > 0;
  const bool all_censored = histogram.censored == values.count();  // the lowest may be rounded below least_censored
  return {.min = {values.min(), all_censored || values.min() >= histogram.least_censored},
          .mean = {std::chrono::nanoseconds(std::llround(values.mean_ns())), censored},
          .max = {values.max(), censored},
          .p50 = percentile(histogram, 0.50),
          .p90 = percentile(histogram, 0.90),
          .p99 = percentile(histogram, 0.99),
          .p999 = percentile(histogram, 0.999)};
}

}  // namespace waitlab::client
