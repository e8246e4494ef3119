#pragma once

#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace waitlab {

/// What `parse_duration` reads, as a regular expression for schemas.
inline constexpr std::string_view duration_pattern = R"(^[0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h)$)";

/// Reads a duration with its unit: "250ns", "10us", "1.5ms", "2s", "3m", "1h". A bare number, a negative one, an
/// unknown unit or a value past the range of nanoseconds is a Failure that shows a valid example.
Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// Reads a size in bytes with its unit: "512B", "64KiB", "1MiB", "2GiB" (powers of 1024), "10kB", "1MB" (powers of
/// 1000).
Result<std::uint64_t> parse_size(std::string_view text);

/// The shortest exact spelling that `parse_duration` reads back: 50ms, 1500us, 2s.
std::string format_duration(std::chrono::nanoseconds duration);

/// The shortest exact spelling that `parse_size` reads back: 64KiB, 1000B.
std::string format_size(std::uint64_t bytes);

}  // namespace waitlab
