#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace waitlab::client {

/// The running sums of the weights. Each weight is above 0.
std::vector<double> cumulative_weights(std::span<const double> weights);

/// Which of the weighted kinds of request number n is: each with the probability of its share of the last sum. A pure
/// function of its arguments, so the requests are the same whatever thread sends them, and independent of the arrivals'
/// draws of the same seed. `cumulative` rises and is not empty. Allocates nothing.
std::size_t choose_target(std::span<const double> cumulative, std::uint64_t seed, std::uint64_t n) noexcept;

}  // namespace waitlab::client
