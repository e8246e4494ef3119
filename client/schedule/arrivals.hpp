#pragma once

#include "client/schedule/rate_curve.hpp"

#include <chrono>
#include <cstdint>

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

}  // namespace waitlab::client
