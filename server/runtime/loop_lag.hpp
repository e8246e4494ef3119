#pragma once

#include "server/counts/duration_counts.hpp"

#include <chrono>

namespace waitlab::server {

/// How late a loop runs what is due. A moment falls due every 100 ms; its lag is from then until the loop got to it. A
/// loop that stood still past several of them is late for each, with its own lag: 2 s of standing still are 20 lags
/// from 2 s down to 0.1 s, not one, as many as there would have been requests in that time at an even rate. Reads no
/// clock. Not thread-safe.
class LoopLag {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::milliseconds interval{100};

  /// Of one standstill, the first so many are counted: 100 s are past the last bucket by far, and a server that was
  /// stopped for a night should not begin the day by counting.
  static constexpr int most_at_once = 1000;

  /// The first moment falls due an interval after `start`.
  explicit LoopLag(TimePoint start) : due_(start + interval) {}

  /// The moment that falls due next.
  TimePoint due() const noexcept { return due_; }

  /// Observes the lag of each moment that has fallen due by `now`; the next one is due after it.
  void observe(TimePoint now, DurationCounts& lags) noexcept;

 private:
  TimePoint due_;
};

}  // namespace waitlab::server
