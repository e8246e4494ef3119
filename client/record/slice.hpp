#pragma once

#include "client/record/load_record.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace waitlab::client {

/// How long a slice is. A second holds a whole number of them.
inline constexpr std::chrono::nanoseconds slice_width = std::chrono::milliseconds(100);
inline constexpr std::uint64_t slices_per_second = std::chrono::seconds(1) / slice_width;

/// The measured requests that ended in one slice of time, as one load thread saw them.
struct Slice {
  std::size_t step = 0;     ///< of the load's steps; 0 where there is one only
  std::uint64_t index = 0;  ///< slice [index * slice_width, (index + 1) * slice_width) from the end of the warm-up
  CensoredHistogram response_time;
  CensoredHistogram service_time;
  std::uint64_t ended = 0;
  std::uint64_t errors = 0;  ///< failed, timed out, or an unwanted response

  void clear() noexcept {
    step = 0;
    index = 0;
    response_time.clear();
    service_time.clear();
    ended = 0;
    errors = 0;
  }
};

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

  bool empty() const noexcept { return stretches.empty(); }
  bool operator==(const RunSeries&) const = default;
};

}  // namespace waitlab::client
