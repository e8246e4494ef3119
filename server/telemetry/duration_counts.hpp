#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace waitlab::server {

/// How many durations fell into each of many narrow buckets, at one moment or between two. They end at Renard's R40
/// numbers (ISO 3), 1.00, 1.06, 1.12 and so on, of each decade from 1 us to 10 s: a bucket's middle is within 4 % of
/// all that is in it. A value: thread-compatible.
struct DurationCounts {
  static constexpr std::size_t per_decade = 40;
  static constexpr std::size_t decades = 7;
  static constexpr std::size_t size = per_decade * decades + 2;  ///< the last one has no upper bound

  /// The upper bound of each bucket but the last, in ns; a duration equal to it is still inside.
  static constexpr std::array<std::int64_t, size - 1> bounds_ns = [] {
    constexpr std::array<std::int64_t, per_decade> hundredths = {
        100, 106, 112, 118, 125, 132, 140, 150, 160, 170, 180, 190, 200, 212, 224, 236, 250, 265, 280, 300,
        315, 335, 355, 375, 400, 425, 450, 475, 500, 530, 560, 600, 630, 670, 710, 750, 800, 850, 900, 950};
    std::array<std::int64_t, size - 1> bounds{};
    std::int64_t hundredth = 10;  // of a microsecond
    for (std::size_t index = 0; index < bounds.size(); ++index) {
      bounds[index] = hundredths[index % per_decade] * hundredth;
      if (index % per_decade == per_decade - 1) hundredth *= 10;
    }
    return bounds;
  }();

  static constexpr std::size_t bucket_of(std::chrono::nanoseconds duration) noexcept {
    const auto* const found = std::lower_bound(bounds_ns.begin(), bounds_ns.end(), duration.count());
    return static_cast<std::size_t>(found - bounds_ns.begin());
  }

  std::array<std::uint64_t, size> buckets{};

  std::uint64_t total() const noexcept;

  /// The duration that a share of all, from 0 to 1, does not exceed, taken to lie evenly within its bucket; nothing if
  /// there are none. One past 10 s is told as 10 s.
  std::optional<std::chrono::nanoseconds> percentile(double share) const noexcept;

  DurationCounts& operator+=(const DurationCounts& other) noexcept;
  /// What came since `earlier`.
  DurationCounts operator-(const DurationCounts& earlier) const noexcept;
};

}  // namespace waitlab::server
