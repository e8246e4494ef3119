#pragma once

#include "server/counts/duration_counts.hpp"
#include "server/counts/telemetry.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>

namespace waitlab::server {

/// How late a loop runs what is due. A moment falls due every 100 ms; its lag is from then until the loop got to it. A
/// loop that stood still past several of them is late for each, with its own lag: 2 s of standing still are 20 lags
/// from 2 s down to 0.1 s, not one, as many as there would have been requests in that time at an even rate. Reads no
/// clock. Not thread-safe.
class LoopLag {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::milliseconds interval{100};

  /// How many of one standstill are counted at most: 100 s are past the last bucket by far, and a server that was
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

/// Keeps measuring the lag of a loop, from the loop itself, whose thread's track says what is due. It wakes an idle
/// loop ten times a second, and a busy one not at all beyond a handler among the others. Made before the loop's thread
/// starts and destroyed after it ended; nothing waits for it.
class LoopLagProbe {
 public:
  using Now = std::function<LoopLag::TimePoint()>;

  /// What it refers to must outlive it.
  LoopLagProbe(boost::asio::io_context& loop, Telemetry& telemetry, Now now = std::chrono::steady_clock::now);

 private:
  void wait_until(LoopLag::TimePoint time);

  ShardedCounts& counts_;
  const Now now_;
  LoopLag lag_;
  boost::asio::steady_timer timer_;
};

/// Does something about once a second on the loop, from its thread. Made before that starts and destroyed after it
/// ended.
class LoopHousekeeping {
 public:
  using Act = std::function<void()>;

  /// The loop must outlive it.
  LoopHousekeeping(boost::asio::io_context& loop, Act act);

 private:
  void wait();

  const Act act_;
  boost::asio::steady_timer timer_;
};

}  // namespace waitlab::server
