#include "client/engine/request_mix.hpp"

#include "client/schedule/splitmix64.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace waitlab::client {
namespace {

/// Uniform in [0, 1). The seed is hashed once more, because the arrivals draw from it as it stands.
double uniform(std::uint64_t seed, std::uint64_t n) noexcept {
  constexpr auto seed_of_mix = std::numeric_limits<std::uint64_t>::max();  // a number that no request reaches
  return static_cast<double>(splitmix64(splitmix64(seed, seed_of_mix), n) >> 11) * 0x1p-53;
}

}  // namespace

std::vector<double> cumulative_weights(std::span<const double> weights) {
  std::vector<double> sums(weights.size());
  std::partial_sum(weights.begin(), weights.end(), sums.begin());
  return sums;
}

std::size_t choose_target(std::span<const double> cumulative, std::uint64_t seed, std::uint64_t n) noexcept {
  const double point = uniform(seed, n) * cumulative.back();
  // The product can round up to the last sum itself, which belongs to the last target.
  const auto above = std::upper_bound(cumulative.begin(), cumulative.end() - 1, point);
  return static_cast<std::size_t>(above - cumulative.begin());
}

}  // namespace waitlab::client
