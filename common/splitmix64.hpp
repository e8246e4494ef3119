#pragma once

#include <cstdint>

namespace waitlab {

/// The output function of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014;
/// constants of Stafford's Mix13): a bijection that changes half of the output bits for any changed input bit.
constexpr std::uint64_t splitmix64_output(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// The generator's output at position n: any position can be asked for, in any order, and neighbours are unrelated, as
/// are those of neighbouring seeds.
constexpr std::uint64_t splitmix64(std::uint64_t seed, std::uint64_t n = 0) noexcept {
  return splitmix64_output(seed + (n + 1) * 0x9e3779b97f4a7c15);
}

}  // namespace waitlab
