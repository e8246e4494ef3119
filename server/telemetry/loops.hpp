#pragma once

#include "server/counts/telemetry.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace waitlab::server {

/// One loop of a strategy at a moment: its connections stay on it, so all that becomes of them is counted by its
/// thread.
struct LoopNow {
  std::uint32_t worker = 0;  ///< the number of its thread
  std::int64_t connections = 0;
  std::int64_t in_flight = 0;           ///< requests
  std::int64_t waiting = 0;             ///< of these, for the backend
  std::uint64_t requests = 0;           ///< begun since the process started
  std::chrono::nanoseconds overdue{0};  ///< how late it is by now with what fell due
};

/// The loops of a strategy that runs; none for threads.
std::vector<LoopNow> loops_now(const Telemetry& strategy, std::chrono::steady_clock::time_point now);

nlohmann::ordered_json loops_json(const std::vector<LoopNow>& loops);

}  // namespace waitlab::server
