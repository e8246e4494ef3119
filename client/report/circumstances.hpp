#pragma once

#include "client/record/experiment_result.hpp"
#include "common/process/machine.hpp"

#include <string>

namespace waitlab::client {

/// "server on CPU 1; client and backend on CPU 0", or that they shared one.
std::string placement_text(const Placement& placement);

/// "open loop, Poisson arrivals of GET /wait, 2.5s per run after 300ms of warm-up, time-out 5s"; or a closed loop.
std::string load_text(const ExperimentLoad& load);

/// "160/s, 400/s", or "16 connections, 64 connections".
std::string levels_text(const ExperimentLoad& load);

/// How the target is started, as a shell's command line, or where it is running already; and what is requested of it,
/// if not what the load says.
std::string target_text(const ExperimentTarget& target);

/// The machine in one line.
std::string machine_text(const Machine& machine);

/// "2 runs were INVALID and made again".
std::string made_again_text(unsigned runs);

}  // namespace waitlab::client
