#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace waitlab::client {

/// The measured requests that ended in one stretch of a run.
struct RunStretch {
  std::uint64_t ended = 0;
  std::uint64_t errors = 0;  ///< of these: failed, timed out, or an unwanted response
  /// Of their response times; nothing where there are too few of them (`percentile`). A time-out counts as its time.
  std::optional<std::chrono::nanoseconds> p50;
  std::optional<std::chrono::nanoseconds> p99;
  std::optional<std::chrono::nanoseconds> max;

  bool operator==(const RunStretch&) const = default;
};

/// A run in the course of time: stretches of equal width, one after another. Empty where none was kept.
struct RunSeries {
  std::chrono::nanoseconds begin{0};  ///< of the first, since the end of the warm-up
  std::chrono::nanoseconds width{0};
  std::vector<RunStretch> stretches;

  bool operator==(const RunSeries&) const = default;
};

}  // namespace waitlab::client
