#pragma once

#include "client/experiment/experiment_file.hpp"
#include "client/experiment/plan.hpp"
#include "client/experiment/running_target.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace waitlab::client {

/// A time that is only about so: "45 s", "1 min 30 s", "2 h 5 min". Rounded up to seconds, from an hour on to minutes.
std::string rough_time(std::chrono::nanoseconds time);

/// What an experiment is going to do, for `--dry-run`: what it starts, what it loads, in which order, and how long all
/// of it takes. Lines are at most 80 characters long where words allow.
std::string plan_text(const Experiment& experiment, const std::vector<PlannedSession>& sessions);

/// "27 runs in 9 sessions, about 1 min 30 s".
std::string extent_text(const Experiment& experiment, const std::vector<PlannedSession>& sessions);

}  // namespace waitlab::client
