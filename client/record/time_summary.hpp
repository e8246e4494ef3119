#pragma once

#include "client/record/load_record.hpp"

#include <chrono>
#include <optional>

namespace waitlab::client {

/// A figure about times, or what can be said of it.
struct TimeFigure {
  std::optional<std::chrono::nanoseconds> value;  ///< nothing where there are too few samples to carry it
  bool at_least = false;                          ///< timed-out requests make the value a lower bound
};

/// The percentile at `quantile` in [0, 1). It needs 1 / (1 - quantile) samples, so that at least one lies beyond it: 2
/// for the median, 100 for p99, 1,000 for p999. Never above the largest value recorded. It is a lower bound if it is
/// not below all values that are lower bounds themselves.
TimeFigure percentile(const CensoredHistogram& histogram, double quantile);
TimeFigure percentile(const HdrHistogram& histogram, double quantile);

/// The figures every result shows of a histogram.
struct TimeSummary {
  TimeFigure min;
  TimeFigure mean;
  TimeFigure max;
  TimeFigure p50;
  TimeFigure p90;
  TimeFigure p99;
  TimeFigure p999;
};

TimeSummary summarize(const CensoredHistogram& histogram);

}  // namespace waitlab::client
