#pragma once

#include "client/schedule/arrivals.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace waitlab::client {

/// One request that the schedule wants sent.
struct Arrival {
  std::uint64_t n;                  ///< its number in the whole process, which is also its request id's
  std::chrono::nanoseconds offset;  ///< when, from the start of the run
  bool measured;                    ///< false in the warm-up
  std::size_t step = 0;             ///< the segment of the rate curve it belongs to
};

/// Where a plan ends: at `duration` after the warm-up, after `requests` measured ones, or at whichever comes first.
struct ArrivalLimits {
  std::chrono::nanoseconds warmup{0};
  std::optional<std::chrono::nanoseconds> duration;
  std::optional<std::uint64_t> requests;
};

/// The arrivals that are thread `index`'s of `threads`: those with n = index mod threads of the one process that all
/// threads compute alike. So the arrivals of all threads together do not depend on how many there are.
class ArrivalPlan {
 public:
  /// 0 <= index < threads.
  ArrivalPlan(const Arrivals& arrivals, const ArrivalLimits& limits, unsigned index, unsigned threads);

  /// The next arrival, or nothing once the plan has ended. Stays the same until `advance`.
  const std::optional<Arrival>& next() const noexcept { return next_; }
  void advance();

 private:
  std::optional<Arrival> step();

  Arrivals arrivals_;
  ArrivalLimits limits_;
  unsigned index_;
  unsigned threads_;
  std::uint64_t n_ = 0;
  std::uint64_t measured_ = 0;
  long double gaps_ = 0;  ///< their sum so far
  std::optional<Arrival> next_;
};

}  // namespace waitlab::client
