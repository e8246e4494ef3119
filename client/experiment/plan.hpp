#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace waitlab::client {

struct Experiment;

/// One run of load inside a session.
struct PlannedRun {
  std::size_t level = 0;   ///< index into the load's levels
  std::uint64_t seed = 0;  ///< a function of (the load's seed, level, repeat): the same for every target
};

/// One fresh server (several, if one does not come to rest between its runs), and the runs it meets one after the
/// other.
struct PlannedSession {
  std::size_t target = 0;  ///< index into the experiment's targets
  unsigned repeat = 0;     ///< from 0
  std::vector<PlannedRun> runs;
};

/// Every session of the experiment in order: all targets of the first repeat, then all of the second, each repeat
/// beginning with the next target, so that whatever drifts on the machine meets all targets alike.
std::vector<PlannedSession> plan_sessions(const Experiment& experiment);

std::size_t count_runs(const std::vector<PlannedSession>& sessions);

/// How long `runs` runs last at least: warm-ups and windows, without drains and the starting of servers.
std::chrono::nanoseconds planned_time(const Experiment& experiment, std::size_t runs);

}  // namespace waitlab::client
