#pragma once

#include "server/telemetry/telemetry.hpp"

#include <string>
#include <vector>

namespace waitlab::server {

/// The metrics of every strategy that has run, and of the process, in the Prometheus text exposition format.
/// Thread-safe.
std::string prometheus_text(const std::vector<const Telemetry*>& strategies);

}  // namespace waitlab::server
