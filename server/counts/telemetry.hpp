#pragma once

#include "server/counts/counts.hpp"
#include "server/counts/gauge.hpp"
#include "server/counts/tracks.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace waitlab::server {

/// What one strategy has done and is doing. All members are thread-safe; the counts are relaxed, so two of them read
/// together may differ by what happened in between.
struct Telemetry {
  /// The tracer must outlive this.
  Telemetry(std::string strategy_name, Tracer& tracer)
      : strategy(std::move(strategy_name)),
        threads(tracer, strategy, Tracks::Kind::threads),
        requests(tracer, strategy, Tracks::Kind::requests) {}
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  const std::string strategy;

  Tracks threads;   ///< what each thread that serves does now
  Tracks requests;  ///< and each connection's request

  Gauge in_flight;  ///< requests from readable to answered: queued + waiting + running
  Gauge queued;     ///< for a thread
  ShardedCounts counts;
};

/// The requests in a strategy at one moment, by what they do.
struct RequestsNow {
  std::int64_t in_flight = 0;
  std::int64_t queued = 0;
  std::int64_t waiting = 0;
  std::int64_t running = 0;
};

inline RequestsNow requests_now(const Telemetry& strategy, const Counts& counts) noexcept {
  RequestsNow now{.in_flight = strategy.in_flight.value(),
                  .queued = strategy.queued.value(),
                  .waiting = static_cast<std::int64_t>(counts.waits_begun - counts.waits_ended)};
  now.running = std::max<std::int64_t>(now.in_flight - now.queued - now.waiting, 0);
  return now;
}

}  // namespace waitlab::server
