#pragma once

#include "server/counts/counts.hpp"
#include "server/counts/gauge.hpp"
#include "server/counts/tracks.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace waitlab::server {

/// What one strategy has done and is doing. All members are thread-safe, and may be shared between processes; the
/// counts are relaxed, so two of them read together may differ by what happened in between.
struct Telemetry {
  /// The tracer must outlive this.
  Telemetry(std::string strategy_name, Tracer& tracer, SharedFile* file = nullptr)
      : strategy(std::move(strategy_name)),
        threads(tracer, strategy, Tracks::Kind::threads, file),
        requests(tracer, strategy, Tracks::Kind::requests, file),
        counts(file) {}

  /// Where another process finds it.
  struct Parts {
    std::uint32_t threads = 0;  ///< its tracks are known to the tracer by these
    std::uint32_t requests = 0;
    std::uint64_t counts = 0;
    std::uint64_t tracer = 0;
  };
  Parts parts() const noexcept {
    return {threads.id(), requests.id(), counts.place().offset, threads.tracer().place().offset};
  }

  /// That of another process.
  Telemetry(std::string strategy_name, Tracer& tracer, SharedFile& file, const Parts& parts)
      : strategy(std::move(strategy_name)),
        threads(tracer, strategy, Tracks::Kind::threads, file, parts.threads),
        requests(tracer, strategy, Tracks::Kind::requests, file, parts.requests),
        counts(SharedPages::Place{&file, parts.counts}) {}

  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  const std::string strategy;

  Tracks threads;   ///< what each thread or process that serves does now
  Tracks requests;  ///< and each connection's request

  ShardedCounts counts;
  Gauge& in_flight = counts.in_flight();  ///< requests from readable to answered: queued + waiting + running
  Gauge& queued = counts.queued();        ///< for a thread
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
