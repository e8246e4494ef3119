#pragma once

#include <chrono>
#include <cstdint>

namespace waitlab {

/// A time as a bare number of seconds, for formulas, texts and JSON.
constexpr double seconds(std::chrono::nanoseconds time) noexcept {
  return std::chrono::duration<double>(time).count();
}

/// How often in a second; 0 where no time has passed.
constexpr double per_second(std::uint64_t count, std::chrono::nanoseconds time) noexcept {
  return time.count() > 0 ? static_cast<double>(count) / seconds(time) : 0;
}

}  // namespace waitlab
