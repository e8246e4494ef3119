#pragma once

#include <chrono>

namespace waitlab {

/// A deadline that has passed, whenever it is asked.
inline constexpr std::chrono::steady_clock::time_point long_past{std::chrono::nanoseconds{1}};

}  // namespace waitlab
