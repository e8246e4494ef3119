#pragma once

#include "client/record/experiment_result.hpp"

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
  bool pictured = false;   ///< whether a picture is taken of what goes on in the server
};

/// One fresh target (several, if one does not come to rest between its runs), and the runs it meets one after the
/// other.
struct PlannedSession {
  std::size_t target = 0;  ///< index into the experiment's targets
  unsigned repeat = 0;     ///< from 0
  std::vector<PlannedRun> runs;
};

/// Every session of the experiment in order: all targets of the first repeat, then all of the second, so that whatever
/// drifts on the machine meets all targets alike. Within a repeat their order is drawn anew, a function of (the order's
/// seed, repeat), if it is shuffled. A session meets the levels in the file's order, so that what a server keeps, such
/// as memory, is of no later level. A picture is taken once of each target: in the last repeat, at the highest level at
/// which single requests can still be told apart in it, if there is one.
std::vector<PlannedSession> plan_sessions(const Experiment& experiment);

/// What of the plan is left once these runs are made.
std::vector<PlannedSession> without(std::vector<PlannedSession> sessions, const std::vector<ExperimentRun>& made);

std::size_t count_runs(const std::vector<PlannedSession>& sessions);

/// About how long these sessions last: starts, warm-ups, windows and drains.
std::chrono::nanoseconds planned_time(const Experiment& experiment, const std::vector<PlannedSession>& sessions);

}  // namespace waitlab::client
