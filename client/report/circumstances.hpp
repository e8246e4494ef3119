#pragma once

#include "client/record/experiment_result.hpp"
#include "common/process/machine.hpp"

#include <string>

namespace waitlab::client {

/// "server on CPU 1; client and backend on CPU 0", or that they shared.
std::string placement_text(const Placement& placement);

/// "poisson arrivals of GET /wait, 2.5s each after 300ms of warm-up, time-out 5s", or the same of a closed loop.
std::string load_text(const ExperimentLoad& load);

/// The machine in one line.
std::string machine_text(const Machine& machine);

}  // namespace waitlab::client
