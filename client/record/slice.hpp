#pragma once

#include "client/record/load_record.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

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

  void clear() noexcept;
};

}  // namespace waitlab::client
