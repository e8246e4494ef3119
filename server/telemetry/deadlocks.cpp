#include "server/telemetry/deadlocks.hpp"

#include "common/clock/seconds.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace waitlab::server {

nlohmann::ordered_json deadlocks_json(const Deadlocks& deadlocks, std::chrono::steady_clock::time_point now) {
  nlohmann::ordered_json last = nullptr;
  if (deadlocks.total > 0) {
    last = {{"cycle", deadlocks.cycle},
            {"victim", deadlocks.victim},
            {"ago_seconds", std::round(seconds(now - deadlocks.when) * 1000) / 1000}};
  }
  return {{"deadlocks_total", deadlocks.total}, {"last_deadlock", last}};
}

}  // namespace waitlab::server
