#pragma once

#include "client/record/load_record.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace waitlab::client {

/// A figure about times, or what can be said of it.
struct TimeFigure {
  std::optional<std::chrono::nanoseconds> value;  ///< nothing where there are too few samples to carry it
  bool at_least = false;                          ///< timed-out or unfinished requests make the value a lower bound
  /// The 95 % confidence interval of a percentile; see `percentile`. Nothing where the samples set no bound.
  std::optional<std::chrono::nanoseconds> low = std::nullopt;
  std::optional<std::chrono::nanoseconds> high = std::nullopt;
};

/// The percentile at `quantile` in [0, 1). It needs 1 / (1 - quantile) samples, so that at least one lies beyond it: 2
/// for the median, 100 for p99, 1,000 for p999. Never above the largest value recorded. It is a lower bound if it is
/// not below all values that are lower bounds themselves, or if the unfinished requests, whose times are unknown,
/// would take its rank if they were the slowest.
///
/// Its interval is that of order statistics, which asks nothing of the distribution (Hahn & Meeker: "Statistical
/// Intervals", 1991, section 5.2): of n independent samples, the number below the true percentile is binomial, so with
/// 2.5 % at either side it lies between the samples of two ranks. n is the effective sample size
/// (`effective_samples`; its minimum for a quantile that is not one of `shown_quantiles`), and the ranks are taken as
/// shares of the values; without it there is no interval. There is no high end where the rank lies beyond the last
/// sample, or among timed-out or unfinished requests.
TimeFigure percentile(const CensoredHistogram& histogram, double quantile);

/// The same without an interval.
TimeFigure percentile(const HdrHistogram& histogram, double quantile);

/// The figures every result shows of a histogram.
struct TimeSummary {
  TimeFigure min;
  TimeFigure mean;
  TimeFigure max;
  std::array<TimeFigure, shown_quantiles.size()> percentiles;  ///< in the order of `shown_quantiles`

  /// The percentile of this key, which must be one of `shown_quantiles`.
  const TimeFigure& operator[](std::string_view key) const;
};

TimeSummary summarize(const CensoredHistogram& histogram);

}  // namespace waitlab::client
