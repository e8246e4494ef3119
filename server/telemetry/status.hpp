#pragma once

#include "common/process/resource_limits.hpp"
#include "server/telemetry/telemetries.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace waitlab::server {

/// What the process is doing, as JSON: the running strategy, counts summed over every strategy that has run, what the
/// process may use, and what it has used. CPU and context switches cover the whole process, ended threads included;
/// those of the calling thread stand beside them as `admin_thread`, so that a reader can take out what being asked
/// costs. Thread-safe.
std::string status_json(const RunningStrategy& running, const std::vector<const Telemetry*>& strategies,
                        const ResourceLimits& limits, std::chrono::steady_clock::time_point started);

}  // namespace waitlab::server
