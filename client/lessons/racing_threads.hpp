#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace waitlab::client {

/// Two threads at once add 1 to the same number, so many times each.
struct RacedCount {
  double lost = 0;                   ///< share of the increments that the number does not show
  std::chrono::nanoseconds loop{0};  ///< what one thread's loop took
};

/// Each increment is a load and a store, each of them atomic and nothing between them: defined, and wrong. On these
/// CPUs. Throws std::system_error if the kernel grants no thread.
RacedCount count_with_load_and_store(std::uint64_t each, const std::vector<int>& cpus);

/// As a beginner writes it, `++number` of a plain integer, as the compiler made it.
RacedCount count_with_plain_integer(std::uint64_t each, const std::vector<int>& cpus);

}  // namespace waitlab::client
