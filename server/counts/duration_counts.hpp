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
/// all that is in it. Wide ones, for Prometheus, are made of them. A value: thread-compatible.
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

  /// Upper bounds in seconds of the wide buckets, as Prometheus wants them; the last bucket, +Inf, is not listed. Each
  /// is the bound of a narrow bucket too.
  static constexpr std::array<double, 16> wide_bounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                         0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  10.0};

  static constexpr std::size_t bucket_of(std::chrono::nanoseconds duration) noexcept {
    const auto* const found = std::lower_bound(bounds_ns.begin(), bounds_ns.end(), duration.count());
    return static_cast<std::size_t>(found - bounds_ns.begin());
  }

  std::array<std::uint64_t, size> buckets{};
  std::uint64_t sum_ns = 0;  ///< of all durations

  std::uint64_t total() const noexcept;
  double sum_seconds() const noexcept { return static_cast<double>(sum_ns) / 1e9; }

  /// How many are in each wide bucket.
  std::array<std::uint64_t, wide_bounds.size() + 1> wide() const noexcept;

  /// The duration that a share of all, from 0 to 1, does not exceed, taken to lie evenly within its bucket; nothing if
  /// there are none. One past 10 s is told as 10 s.
  std::optional<std::chrono::nanoseconds> percentile(double share) const noexcept;

  DurationCounts& operator+=(const DurationCounts& other) noexcept;
  /// What came since `earlier`.
  DurationCounts operator-(const DurationCounts& earlier) const noexcept;
};

}  // namespace waitlab::server
