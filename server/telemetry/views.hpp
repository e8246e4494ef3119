#pragma once

#include "common/process/resource_limits.hpp"
#include "server/accounts/deadlocks.hpp"
#include "server/counts/tracer.hpp"
#include "server/telemetry/telemetries.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

/// The counts of a server, as texts for others to read.
namespace waitlab::server {

/// The metrics of every strategy that has run, the running one's last, and of the process, in the Prometheus text
/// exposition format; docs/metrics.md lists them. There is at least one strategy. `backend_up`: as in Health.
/// Thread-safe.
std::string prometheus_text(const std::vector<const Telemetry*>& strategies, std::optional<bool> backend_up);

/// What the process is doing, as JSON: the running strategy, counts summed over every strategy that has run, what the
/// process may use, and what it has used. CPU and context switches cover the whole process, ended threads included, and
/// the processes that were started for requests and have ended;
/// those of the calling thread stand beside them as `admin_thread`, so that a reader can take out what being asked
/// costs. Thread-safe.
std::string status_json(const RunningStrategy& running, const std::vector<const Telemetry*>& strategies,
                        std::optional<bool> backend_up, const Deadlocks& deadlocks, const ResourceLimits& limits,
                        std::chrono::steady_clock::time_point started);

/// A trace in Chrome's trace event format (a JSON object), for ui.perfetto.dev and chrome://tracing. Each strategy is a
/// process in it. Each of its threads is a thread with complete events ("X"), which do not overlap; where there is none
/// the thread is idle. Each request is an asynchronous event ("b" and "e") around those of what it did. Times are in
/// microseconds from the trace's beginning. `otherData` tells how long it is, whether it is full, and how many spans it
/// has and lacks. A span takes some 250 bytes, and each request as many.
std::string chrome_trace(const Trace& trace);

}  // namespace waitlab::server
