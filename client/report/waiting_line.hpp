#pragma once

#include "client/record/experiment_result.hpp"

#include <optional>

namespace waitlab::client {

/// A target as a queueing system: the number of its requests that the backend can hold at once, and of those that may
/// queue.
struct WaitingLine {
  std::optional<unsigned> servers;   ///< the fewer of the target's threads and the backend's cap; nothing: no limit
  std::optional<unsigned> room;      ///< places in the queue; nothing: no limit
  std::chrono::nanoseconds hold{0};  ///< mean, exponentially distributed
  unsigned calls = 1;                ///< of a request, all at once
};

/// The queueing system that an experiment's settings make of a target. Nothing where they don't tell, or no known law
/// covers it: the target is not a waitlab server with a known number of threads, arrivals are not Poisson, delays are
/// not exponential, a full backend rejects requests, or the requests do more than wait for it.
std::optional<WaitingLine> waiting_line(const ExperimentResult& result, const ExperimentTarget& target);

}  // namespace waitlab::client
