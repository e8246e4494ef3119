#pragma once

#include "client/record/load_record.hpp"

#include <chrono>
#include <optional>

namespace waitlab::client {

/// A percentile, or what can be said of it.
struct Percentile {
  std::optional<std::chrono::nanoseconds> value;  ///< nothing where there are too few samples to carry it
  bool at_least = false;                          ///< it falls among timed-out requests: the value is a lower bound
};

/// The percentile at `quantile` in [0, 1). It needs 1 / (1 - quantile) samples, so that at least one lies beyond it: 2
/// for the median, 100 for p99, 1,000 for p999. Never above the largest value recorded.
Percentile percentile(const CensoredHistogram& histogram, double quantile);
Percentile percentile(const HdrHistogram& histogram, double quantile);

/// The figures every result shows of a histogram.
struct TimeSummary {
  std::optional<std::chrono::nanoseconds> min;
  std::optional<std::chrono::nanoseconds> mean;
  Percentile max;
  Percentile p50;
  Percentile p90;
  Percentile p99;
  Percentile p999;
};

TimeSummary summarize(const CensoredHistogram& histogram);

}  // namespace waitlab::client
