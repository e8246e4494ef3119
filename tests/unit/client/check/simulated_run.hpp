#pragma once

#include "client/check/stay.hpp"
#include "client/check/subject.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace waitlab::client {

/// A run that was never made: Poisson arrivals at exponential holds of 50 ms, served by ideal pools.
struct SimulatedRun {
  double rate = 128;
  std::size_t requests = 10'000;
  unsigned threads = 8;  ///< that really serve; 0: any number
  unsigned queues = 1;   ///< each with its own `threads`, picked at random
  std::uint64_t seed = 1;
};

std::vector<Stay> simulate(const SimulatedRun& run);

/// The run as a fixed pool's, with the logs of server and backend and the client's result, as far as they are checked.
/// It is said to have had 8 threads.
CheckSubject subject_of(const SimulatedRun& run);

}  // namespace waitlab::client
