#pragma once

#include "common/clock/unix_clock.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace waitlab::backend {

/// A call that is due later. Destroying it, even from within the call, means the call is not made afterwards.
class Timer {
 public:
  virtual ~Timer() = default;
};

/// Where holds get their time from: the event loop, or a fake in tests. Used from one thread.
class TimeSource {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using UnixTime = waitlab::UnixTime;

  virtual ~TimeSource() = default;

  virtual TimePoint now() const = 0;

  /// The Unix time of a moment. The distance between two moments is the same on both clocks: steps of the system's
  /// clock after the start don't show.
  virtual UnixTime unix_time(TimePoint moment) const = 0;

  /// Makes `call` once, at `when` or as soon after it as possible, and never from within `call_at`.
  [[nodiscard]] virtual std::unique_ptr<Timer> call_at(TimePoint when, std::function<void()> call) = 0;
};

}  // namespace waitlab::backend
