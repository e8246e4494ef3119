#pragma once

#include <chrono>
#include <cstdint>

namespace waitlab::client {

enum class ArrivalKind { constant, poisson };

/// When requests should start, as a pure function of (seed, n): no clock, no state, the same for any number of threads.
/// Immutable, so safe to share.
class Arrivals {
 public:
  /// `per_second` must be finite and above 0. `seed` matters to Poisson arrivals only.
  Arrivals(ArrivalKind kind, double per_second, std::uint64_t seed) noexcept;

  /// Time from arrival n - 1 (for n = 0: from the start) to arrival n.
  /// Constant: the gaps add up to floor(n / rate) in nanoseconds, so nothing drifts; exact for n below 1.8e10.
  /// Poisson: -ln(u) / rate with u uniform in (0, 1], a hash of (seed, n).
  std::chrono::nanoseconds gap(std::uint64_t n) const noexcept;

  double per_second() const noexcept { return per_second_; }

 private:
  std::int64_t constant_offset_ns(std::uint64_t n) const noexcept;

  ArrivalKind kind_;
  double per_second_;
  std::uint64_t seed_;
};

}  // namespace waitlab::client
