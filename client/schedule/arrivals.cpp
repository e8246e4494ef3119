#include "client/schedule/arrivals.hpp"

#include "client/schedule/splitmix64.hpp"

#include <cmath>
#include <utility>

namespace waitlab::client {
namespace {

/// Uniform in (0, 1]: never 0, so its logarithm is finite.
double uniform(std::uint64_t seed, std::uint64_t n) noexcept {
  return (static_cast<double>(splitmix64(seed, n) >> 11) + 1.0) * 0x1p-53;
}

}  // namespace

Arrivals::Arrivals(ArrivalKind kind, RateCurve rate, std::uint64_t seed)
    : kind_(kind), rate_(std::move(rate)), seed_(seed) {}

long double Arrivals::gap(std::uint64_t n) const noexcept {
  if (kind_ == ArrivalKind::constant) return n == 0 ? 0.0L : 1.0L;
  return -std::log(uniform(seed_, n));
}

}  // namespace waitlab::client
