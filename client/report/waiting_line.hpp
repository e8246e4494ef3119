#pragma once

#include "client/record/experiment_result.hpp"

#include <optional>

namespace waitlab::client {

/// A target as a queueing system: how many of its requests the backend can hold at once, and how many more may wait.
struct WaitingLine {
  std::optional<unsigned> servers;   ///< the fewer of the target's threads and the backend's cap; nothing: no limit
  std::optional<unsigned> room;      ///< places to wait beside those; nothing: no limit
  std::chrono::nanoseconds hold{0};  ///< mean, exponentially distributed
  unsigned calls = 1;                ///< of a request, all at once
};

/// What an experiment's settings make of a target; nothing where they don't tell or no known law covers it: the target
/// is no waitlab server of a known number of threads, arrivals are not Poisson, delays not exponential, a full backend
/// turns requests away, or the requests do more than to wait for it.
std::optional<WaitingLine> waiting_line(const ExperimentResult& result, const ExperimentTarget& target);

}  // namespace waitlab::client
