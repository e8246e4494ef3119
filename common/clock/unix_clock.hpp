#pragma once

#include <chrono>

namespace waitlab {

using UnixTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Unix times of moments of the steady clock. The distance between two moments is the same on both: steps of the
/// system's clock after the start don't show. The clocks of two processes of one machine agree to a few microseconds,
/// unless the system's clock was stepped between their starts. Immutable, so safe to share.
class UnixClock {
 public:
  using Steady = std::chrono::steady_clock;

  /// Reads both clocks, the steady one before and after, so that being interrupted in between shows; keeps the closest
  /// of a few tries.
  UnixClock();

  UnixTime at(Steady::time_point moment) const { return unix_start_ + (moment - start_); }

 private:
  Steady::time_point start_;
  UnixTime unix_start_;
};

}  // namespace waitlab
