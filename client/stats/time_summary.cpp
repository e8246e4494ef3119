#include "client/stats/time_summary.hpp"

#include <boost/math/distributions/binomial.hpp>

#include <algorithm>
#include <cmath>

namespace waitlab::client {
namespace {

/// A quantile such as 0.99 is no exact binary fraction; this much slack makes 100 samples enough for it.
constexpr double rounding_slack = 1e-6;

constexpr double tail = 0.025;  ///< beyond either end of an interval

/// The number of independent samples that the histogram's are worth, whole, at least 1; 0 if it is not known.
double independent_samples(const CensoredHistogram& histogram, double quantile) {
  const EffectiveSamples& effective = histogram.effective_samples;
  const auto shown = std::ranges::find(shown_quantiles, quantile, &Quantile::share);
  const auto index = static_cast<std::size_t>(shown - shown_quantiles.begin());
  const double worth =
      index < effective.size() ? effective[index] : *std::min_element(effective.begin(), effective.end());
  const auto recorded = static_cast<double>(histogram.values.count());
  return worth > 0 ? std::max(1.0, std::floor(std::min(worth, recorded))) : 0;
}

/// The share of the requests that any time above it may belong to one that was cut, were those the slowest of all.
double known_share(const CensoredHistogram& histogram) {
  const auto known = static_cast<double>(histogram.values.count());
  return known / (known + static_cast<double>(histogram.unfinished));
}

/// Fills in `low` and `high`. With as many independent samples as recorded ones, the middle of a rank's share finds the
/// sample of that rank; with fewer, it is the usual correction for continuity.
void add_interval(TimeFigure& figure, const CensoredHistogram& histogram, double quantile) {
  const double n = independent_samples(histogram, quantile);
  if (n == 0) return;
  const boost::math::binomial_distribution<double> below(n, quantile);
  // Quantiles are rounded outwards, so that neither tail holds more than its 2.5 %.
  if (boost::math::cdf(below, 0) <= tail) {
    const double rank = boost::math::quantile(below, tail) + 1;
    figure.low = histogram.values.value_at((rank - 0.5) / n);
  }
  const double rank = boost::math::quantile(boost::math::complement(below, tail)) + 1;
  if (rank > n || (rank - 0.5) / n > known_share(histogram)) return;
  const auto high = histogram.values.value_at((rank - 0.5) / n);
  if (high < histogram.least_censored) figure.high = high;
}

}  // namespace

TimeFigure percentile(const HdrHistogram& histogram, double quantile) {
  const auto beyond = static_cast<double>(histogram.count()) * (1.0 - quantile);
  if (beyond < 1.0 - rounding_slack) return {};
  return {.value = histogram.value_at(quantile)};
}

TimeFigure percentile(const CensoredHistogram& histogram, double quantile) {
  TimeFigure figure = percentile(histogram.values, quantile);
  if (!figure.value) return figure;
  figure.at_least = *figure.value >= histogram.least_censored || quantile > known_share(histogram);
  add_interval(figure, histogram, quantile);
  return figure;
}

const TimeFigure& TimeSummary::operator[](std::string_view key) const {
  const auto found = std::ranges::find(shown_quantiles, key, &Quantile::key);
  return percentiles.at(static_cast<std::size_t>(found - shown_quantiles.begin()));
}

TimeSummary summarize(const CensoredHistogram& histogram) {
  const HdrHistogram& values = histogram.values;
  if (values.count() == 0) return {};
  const bool some_unknown = histogram.censored > 0 || histogram.unfinished > 0;
  const bool all_censored = histogram.censored == values.count();  // the lowest may be rounded below least_censored
  TimeSummary summary{.min = {values.min(), all_censored || values.min() >= histogram.least_censored},
                      .mean = {std::chrono::nanoseconds(std::llround(values.mean_ns())), some_unknown},
                      .max = {values.max(), some_unknown},
                      .percentiles = {}};
  std::ranges::transform(shown_quantiles, summary.percentiles.begin(),
                         [&](const Quantile& quantile) { return percentile(histogram, quantile.share); });
  return summary;
}

}  // namespace waitlab::client
