#pragma once

#include "client/record/experiment_result.hpp"
#include "tests/unit/client/format/sample_results.hpp"

#include <vector>

namespace waitlab::client {

/// A run with everything that one can hold.
inline ExperimentRun sample_run(std::size_t target, std::size_t level) {
  using namespace std::chrono_literals;
  ExperimentRun run{.target = target, .level = level, .repeat = 1, .seed = 0x2a, .load = rich_result(), .server = {}};
  run.server = {.peak_threads = 9,
                .peak_rss_bytes = 9 << 20,
                .idle_rss_bytes = 5 << 20,
                .peak_in_flight = 100,
                .peak_queued = 92,
                .usage = ServerUsage{.span = 3s,
                                     .cpu_time = 250ms,
                                     .voluntary_switches = 7,
                                     .involuntary_switches = 8,
                                     .completed = 300,
                                     .rejected = 3},
                .samples = {{.at = 1ms, .threads = 8, .rss_bytes = 8 << 20, .cpu_time = 1ms},
                            {.at = 101ms,
                             .threads = 9,
                             .rss_bytes = 9 << 20,
                             .cpu_time = 2ms,
                             .in_flight = 100,
                             .queued = 92,
                             .rejected = 3}}};
  run.mean_hold = 50ms;
  run.hold_log = "logs/holds.csv";
  run.request_log = "logs/pool-8-2-requests.csv";
  run.lanes = R"([{"dur":50,"name":"waiting","ph":"X","tid":1,"ts":0.5}])";
  return run;
}

/// An interrupted experiment of a swept server, a command and a URL, with everything that one can hold.
inline ExperimentResult sample_experiment() {
  using namespace std::chrono_literals;
  ExperimentResult result;
  result.name = "mine";
  result.title = "Who waits?";
  result.question = "Who?";
  result.file = "experiments/mine.jsonc";
  result.content = "{\"name\": \"mine\"} // mine";
  result.requests = "[{}]";
  result.quick = true;
  result.version = "1.2.3";
  result.started_at = "2026-01-02T03:04:05.678Z";
  result.targets = {{.name = "pool-8-auto",
                     .kind = TargetKind::server,
                     .family = "pool",
                     .sweep = {"limits.max_connections=auto", "strategies.fixed-pool.threads=8"},
                     .settings = {"strategy=fixed-pool", "strategies.fixed-pool.threads=8"},
                     .path = "/fanout?calls=5",
                     .strategy = "fixed-pool",
                     .facts = StrategyFacts{.worker = Worker::thread,
                                            .workers = 8,
                                            .holds_worker = true,
                                            .at_once = 8,
                                            .queue = 1024,
                                            .size_key = "strategies.fixed-pool.threads",
                                            .description = "8 threads, and a queue for 1024 requests"},
                     .threads = 8},
                    {.name = "nginx",
                     .kind = TargetKind::command,
                     .family = "nginx",
                     .command = {"nginx", "-g", "daemon off; listen {port};"},
                     .directory = "experiments",
                     .environment = {"BACKEND={backend}"},
                     .url = "http://127.0.0.1:{port}",
                     .ready = {.path = "/up", .within = 2500ms}},
                    {.name = "mine", .kind = TargetKind::url, .family = "mine", .url = "http://h:1/", .pid = 7}};
  result.load.levels = {80, 0.5};
  result.load.seed = 42;
  result.thresholds = {"p99<200ms", "errors<1%"};
  result.repeats = 3;
  result.order = {.shuffled = false, .seed = 9};
  result.backend = {"profile.delay.mean=50ms"};
  result.machine = rich_result().machine;
  result.placement = {.server = {1}, .client_and_backend = {0}};
  result.runs = {sample_run(0, 0), sample_run(2, 1)};
  result.runs[1].server = {};
  result.runs[1].mean_hold.reset();
  result.runs[1].hold_log.clear();
  result.runs[1].request_log.clear();
  result.runs[1].lanes.clear();
  result.missing = {{.target = 1, .level = 1, .repeat = 2, .reason = "it died"}};
  result.interrupted = true;
  return result;
}

}  // namespace waitlab::client
