#pragma once

#include "client/engine/load_plan.hpp"
#include "client/fleet/fleet_result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// What workers may tell of their parts of a run.
namespace waitlab::client::fleet {

inline LoadOptions open_load() {
  using namespace std::chrono_literals;
  LoadOptions load;
  load.url = "http://localhost:8080/wait";
  load.rate = 100;
  load.duration = 10s;
  load.seed = 42;
  load.command = "waitlab-client collector --workers 2";
  return load;
}

inline LoadOptions stepped_load() {
  using namespace std::chrono_literals;
  LoadOptions load = open_load();
  load.rate.reset();
  load.duration.reset();
  load.steps = {{.from = 100, .to = 100, .duration = 5s}, {.from = 100, .to = 300, .duration = 5s}};
  return load;
}

/// So many requests of that time, sent with that lag.
inline LoadRecord record_of(int requests, std::chrono::milliseconds time, std::chrono::milliseconds lag = {}) {
  LoadRecord record;
  for (int i = 0; i < requests; ++i) {
    record.begin();
    record.complete({.intended = {}, .sent = lag, .ended = time}, 200);
    record.schedule_lag.record(lag);
  }
  record.completed_in_window = static_cast<std::uint64_t>(requests);
  record.connections = 3;
  record.bytes_in = 1000;
  return record;
}

/// What one of so many workers tells of its part.
inline LoadResult part_of(const LoadOptions& load, unsigned workers, LoadRecord record) {
  using namespace std::chrono_literals;
  LoadResult part;
  part.url = load.url;
  part.method = load.method;
  part.command = load.command;
  part.threads = 2;
  part.connections = most_connections(load) / workers;
  if (const auto rate = mean_rate(load)) part.offered_rate = *rate / workers;
  if (load.open_loop()) part.arrivals = "constant";
  part.started_at = "2026-01-02T12:00:00.000Z";
  part.window = 10s;
  part.seed = load.seed;
  for (const RateSegment& step : load.steps) {
    part.steps.push_back({.from_rate = step.from / workers,
                          .to_rate = step.to / workers,
                          .begin = part.steps.size() * 5s,
                          .window = step.duration,
                          .record = record});
  }
  part.record = std::move(record);
  for (std::size_t step = 1; step < load.steps.size(); ++step)
    part.record.merge(part.steps[step].record);
  return part;
}

inline WorkerPart worker(const std::string& name, LoadResult result) {
  const std::uint64_t sent = result.record.requests.sent;
  return {.name = name, .address = "10.0.0.1:5000", .sent = sent, .result = std::move(result)};
}

inline WorkerPart lost_worker(const std::string& name) {
  return {.name = name,
          .address = "10.0.0.2:5000",
          .sent = 1234,
          .completed = 1200,
          .errors = 4,
          .in_flight = 30,
          .lost_because = "nothing was heard of it for 10.0 s"};
}

/// One that was stopped while requests were in flight.
inline LoadResult cut(LoadResult part) {
  using namespace std::chrono_literals;
  part.interrupted = true;
  part.record.begin();
  part.record.leave_unfinished(1s);
  part.invalid_because = {"the run was interrupted before its end"};
  return part;
}

inline FleetRun run_of(const LoadOptions& load, std::vector<WorkerPart> workers) {
  FleetRun run{.load = load};
  run.gathering.workers = static_cast<unsigned>(workers.size());
  run.workers = std::move(workers);
  return run;
}

}  // namespace waitlab::client::fleet
