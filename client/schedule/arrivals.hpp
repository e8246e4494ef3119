#pragma once

#include "client/schedule/rate_curve.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace waitlab::client {

enum class ArrivalKind { constant, poisson };

/// When requests should start, as a pure function of (seed, n): no clock, no state, the same for any number of threads.
/// A process of rate 1, stretched by the offered rate over time. Immutable, so safe to share.
class Arrivals {
 public:
  /// `seed` matters to Poisson arrivals only.
  Arrivals(ArrivalKind kind, RateCurve rate, std::uint64_t seed);
  /// A rate that stays: finite and above 0.
  Arrivals(ArrivalKind kind, double per_second, std::uint64_t seed) : Arrivals(kind, RateCurve(per_second), seed) {}

  /// From arrival n - 1 (for n = 0: from the start) to arrival n, in expected arrivals: the sum of the gaps so far is
  /// what `rate().time_at` turns into arrival n's moment.
  /// Constant: 0, then 1. Poisson: -ln(u) with u uniform in (0, 1], a hash of (seed, n).
  long double gap(std::uint64_t n) const noexcept;

  ArrivalKind kind() const noexcept { return kind_; }
  const RateCurve& rate() const noexcept { return rate_; }

 private:
  ArrivalKind kind_;
  RateCurve rate_;
  std::uint64_t seed_;
};

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
