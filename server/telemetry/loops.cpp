#include "server/telemetry/loops.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace waitlab::server {

std::vector<LoopNow> loops_now(const Telemetry& strategy, std::chrono::steady_clock::time_point now) {
  std::vector<LoopNow> loops;
  strategy.threads.visit([&](const Track& track) {
    const auto due = track.loop_due();
    if (due == std::chrono::steady_clock::time_point::max()) return;
    const Counts counts = strategy.counts.of_worker(track.number());
    loops.push_back({.worker = track.number(),
                     .connections = counts.open_connections(),
                     .in_flight = static_cast<std::int64_t>(counts.begun - counts.ended),
                     .waiting = static_cast<std::int64_t>(counts.waits_begun - counts.waits_ended),
                     .requests = counts.begun,
                     .overdue = std::max<std::chrono::nanoseconds>(now - due, std::chrono::nanoseconds(0))});
  });
  return loops;
}

nlohmann::ordered_json loops_json(const std::vector<LoopNow>& loops) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const LoopNow& loop : loops) {
    json.push_back({{"thread", loop.worker},
                    {"connections", loop.connections},
                    {"in_flight", loop.in_flight},
                    {"waiting", loop.waiting},
                    {"requests_total", loop.requests}});
  }
  return json;
}

}  // namespace waitlab::server
