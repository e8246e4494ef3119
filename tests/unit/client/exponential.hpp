#pragma once

#include "common/splitmix64.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>

namespace waitlab::client {

/// Exponential times, one after another, the same for the same seed.
class Exponential {
 public:
  explicit Exponential(std::uint64_t seed) : seed_(seed) {}

  std::chrono::nanoseconds operator()(double mean_seconds) {
    const double uniform = (static_cast<double>(splitmix64(seed_, drawn_++) >> 11) + 1) * 0x1p-53;
    return std::chrono::nanoseconds(std::llround(-std::log(uniform) * mean_seconds * 1e9));
  }

 private:
  std::uint64_t seed_;
  std::uint64_t drawn_ = 0;
};

}  // namespace waitlab::client
