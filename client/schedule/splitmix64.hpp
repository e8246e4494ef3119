#pragma once

#include <cstdint>

namespace waitlab::client {

/// The splitmix64 generator's output at position n (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators", 2014): any position can be asked for, in any order, and neighbours are unrelated.
constexpr std::uint64_t splitmix64(std::uint64_t seed, std::uint64_t n) noexcept {
  std::uint64_t z = seed + (n + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace waitlab::client
