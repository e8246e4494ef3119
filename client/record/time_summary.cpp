#include "client/record/time_summary.hpp"

#include <algorithm>
#include <cmath>

namespace waitlab::client {
namespace {

/// A quantile such as 0.99 is no exact binary fraction; this much slack makes 100 samples enough for it.
constexpr double rounding_slack = 1e-6;

Percentile percentile(const HdrHistogram& values, std::uint64_t censored, double quantile) {
  const auto count = static_cast<double>(values.count());
  if (count * (1.0 - quantile) < 1.0 - rounding_slack) return {};
  const double rank = std::ceil(count * quantile - rounding_slack);
  return {std::min(values.value_at(quantile), values.max()), rank > count - static_cast<double>(censored)};
}

}  // namespace

Percentile percentile(const CensoredHistogram& histogram, double quantile) {
  return percentile(histogram.values, histogram.censored, quantile);
}

Percentile percentile(const HdrHistogram& histogram, double quantile) {
  return percentile(histogram, 0, quantile);
}

TimeSummary summarize(const CensoredHistogram& histogram) {
  TimeSummary summary;
  const HdrHistogram& values = histogram.values;
  if (values.count() == 0) return summary;
  summary.min = values.min();
  summary.mean = std::chrono::nanoseconds(std::llround(values.mean_ns()));
  summary.max = {values.max(), histogram.censored > 0};
  summary.p50 = percentile(histogram, 0.50);
  summary.p90 = percentile(histogram, 0.90);
  summary.p99 = percentile(histogram, 0.99);
  summary.p999 = percentile(histogram, 0.999);
  return summary;
}

}  // namespace waitlab::client
