#pragma once

#include "client/check/run_logs.hpp"
#include "client/check/stays.hpp"
#include "common/facts/strategy_facts.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace waitlab::client {

/// A run that was never made: Poisson arrivals at exponential holds, served by pools that are ideal but for
/// the time it may take to hand a request over to its thread.
struct SimulatedRun {
  double rate = 128;
  std::size_t requests = 10'000;
  unsigned threads = 8;  ///< that really serve; 0: any number
  unsigned queues = 1;   ///< each with its own `threads`, picked at random
  std::uint64_t seed = 1;
  std::chrono::nanoseconds mean_hold = std::chrono::milliseconds(50);
  std::chrono::nanoseconds hand_over{0};
  double handed_over = 1;  ///< the share of the requests for which that takes any time
  unsigned said = 8;       ///< the threads that it is said to have had
  std::string strategy = "fixed-pool";
};

/// Of an invented strategy: a pool with a queue, or a loop.
StrategyFacts facts_of_pool(unsigned threads);
StrategyFacts facts_of_loop();

std::vector<Stay> simulate(const SimulatedRun& run);

/// The run as that of a pool of as many threads as it is said to have had, or, of none, as that of a loop, with the
/// logs of server and backend and the client's result, as far as they are checked.
CheckSubject subject_of(const SimulatedRun& run);

}  // namespace waitlab::client
