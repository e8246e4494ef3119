#include "client/schedule/arrivals.hpp"

#include <cmath>

namespace waitlab::client {
namespace {

constexpr double nanoseconds_per_second = 1e9;

/// The splitmix64 generator's output at position n (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators", 2014): any position can be asked for, in any order.
std::uint64_t splitmix64(std::uint64_t seed, std::uint64_t n) noexcept {
  std::uint64_t z = seed + (n + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

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
