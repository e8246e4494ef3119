#pragma once

#include "server/telemetry/duration_counts.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace waitlab::server {

/// Counts durations: in a few wide buckets for a Prometheus histogram, each made of narrow ones for percentiles.
/// Thread-safe and wait-free; a reader may see a duration in a bucket a moment before it is in the sum.
class DurationHistogram {
 public:
  /// Upper bounds in seconds, as Prometheus wants them; the last bucket, +Inf, is not listed. Each is the bound of a
  /// narrow bucket too.
  static constexpr std::array<double, 16> bounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                    0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  10.0};

  void observe(std::chrono::nanoseconds duration) noexcept {
    buckets_[DurationCounts::bucket_of(duration)].fetch_add(1, std::memory_order_relaxed);
    sum_ns_.fetch_add(duration.count(), std::memory_order_relaxed);
  }

  DurationCounts counts() const noexcept;

  /// How many are in each wide bucket.
  std::array<std::uint64_t, bounds.size() + 1> wide_counts() const noexcept;

  double sum_seconds() const noexcept { return static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) / 1e9; }

 private:
  std::array<std::atomic<std::uint64_t>, DurationCounts::size> buckets_{};
  std::atomic<std::int64_t> sum_ns_{0};
};

}  // namespace waitlab::server
