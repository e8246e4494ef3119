#include "client/schedule/arrivals.hpp"

#include "client/schedule/splitmix64.hpp"

#include <cmath>

namespace waitlab::client {
namespace {

constexpr double nanoseconds_per_second = 1e9;

/// Uniform in (0, 1]: never 0, so its logarithm is finite.
double uniform(std::uint64_t seed, std::uint64_t n) noexcept {
  return (static_cast<double>(splitmix64(seed, n) >> 11) + 1.0) * 0x1p-53;
}

}  // namespace

Arrivals::Arrivals(ArrivalKind kind, double per_second, std::uint64_t seed) noexcept
    : kind_(kind), per_second_(per_second), seed_(seed) {}

std::chrono::nanoseconds Arrivals::gap(std::uint64_t n) const noexcept {
  if (kind_ == ArrivalKind::constant) {
    return std::chrono::nanoseconds(n == 0 ? 0 : constant_offset_ns(n) - constant_offset_ns(n - 1));
  }
  return std::chrono::nanoseconds(std::llround(-std::log(uniform(seed_, n)) / per_second_ * nanoseconds_per_second));
}

// The 64-bit mantissa of x86's long double holds n * 1e9 exactly, which leaves one rounded division.
std::int64_t Arrivals::constant_offset_ns(std::uint64_t n) const noexcept {
  return static_cast<std::int64_t>(static_cast<long double>(n) * 1e9L / static_cast<long double>(per_second_));
}

}  // namespace waitlab::client
