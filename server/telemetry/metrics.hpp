#pragma once

#include "server/counts/telemetry.hpp"

#include <string>
#include <vector>

namespace waitlab::server {

/// The metrics of every strategy that has run, the running one's last, and of the process, in the Prometheus text
/// exposition format; docs/metrics.md lists them. There is at least one strategy. Thread-safe.
std::string prometheus_text(const std::vector<const Telemetry*>& strategies);

}  // namespace waitlab::server
