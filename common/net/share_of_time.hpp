#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace waitlab {

/// When an attempt that begins now has to end, so that one that hangs leaves time until the deadline to those after it:
/// each has an even share of what is left. `attempts` are to be made, this one included; at least one.
inline std::chrono::steady_clock::time_point share_of_time(std::chrono::steady_clock::time_point now,
                                                           std::chrono::steady_clock::time_point deadline,
                                                           std::size_t attempts) {
  return now + (deadline - now) / static_cast<std::int64_t>(attempts);
}

}  // namespace waitlab
