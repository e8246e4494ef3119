#pragma once

#include "client/record/load_result.hpp"

namespace waitlab::client {

/// An interrupted closed loop before its first response: nothing that can be left out is there.
inline LoadResult poor_result() {
  LoadResult result;
  result.url = "http://localhost:8080/wait";
  result.method = "GET";
  result.address = "127.0.0.1:8080";
  result.command = "waitlab-client run";
  result.connections = 10;
  result.timeout = std::chrono::seconds(2);
  result.started_at = "2026-01-02T03:04:05.678Z";
  result.interrupted = true;
  result.invalid_because = {"it was interrupted"};
  result.machine.cpu_model = "unknown";
  result.machine.cpus_online = 2;
  result.machine.cpus_usable = 1;
  result.machine.kernel = "Linux 6.1.0";
  return result;
}

/// Some requests of every ending, at response times from `fastest` on.
inline LoadRecord sample_record(std::chrono::milliseconds fastest) {
  using namespace std::chrono_literals;
  LoadRecord record;
  for (int i = 0; i < 150; ++i) {
    const auto time = fastest + i * 777us;
    record.begin();
    ResponseSeen response(i % 50 == 0 ? 503 : 200);
    if (i % 2 == 0) response.timing = {.queue = time / 8, .backend = time / 4, .handler = time / 16};
    record.complete({.intended = 0s, .sent = 123us, .ended = time, .connect = 55us}, response);
    record.schedule_lag.record(123us + i * 1us);
  }
  record.begin();
  record.time_out(ErrorKind::timeout, {.intended = 0s, .sent = 1ms, .ended = 2s}, 2s);
  record.begin();
  record.fail(ErrorKind::reset, "Connection \"reset\" by peer");
  record.begin();
  record.leave_unfinished(1500ms);
  record.completed_in_window = 149;
  record.unwanted_in_window = 2;
  record.second_half = {.due = 75.5, .completed = 74};
  record.nagle_stalls = 6;
  record.waited_for_connection = 3;
  record.connections = 21;
  record.reconnects = 5;
  record.retried = 2;
  record.bytes_in = 123'456;
  record.bytes_out = 65'432;
  record.response_time.effective_samples = {120.5, 80.25, 40, 0};
  record.service_time.effective_samples = {151, 151, 151, 0};
  return record;
}

/// An open loop in two steps over a mix of two targets, with everything that a result can hold.
inline LoadResult rich_result() {
  using namespace std::chrono_literals;
  LoadResult result = poor_result();
  result.command = "waitlab-client run --steps 100,200 --targets mix.json 'http://localhost:8080/wait'";
  result.interrupted = false;
  result.aborted = true;
  result.invalid_because = {"3 requests waited inside the client", "the client was late"};
  result.threads = 2;
  result.offered_rate = 150;
  result.arrivals = "poisson";
  result.window = 3'123'456'789ns;
  result.steps = {{.from_rate = 100, .to_rate = 100, .begin = 0s, .window = 1500ms, .record = sample_record(5ms)},
                  {.from_rate = 200, .to_rate = 200, .begin = 1500ms, .window = 1623ms, .record = sample_record(9ms)}};
  result.timeline = {.begin = 100ms,
                     .width = 200ms,
                     .stretches = {{.ended = 3, .errors = 1, .p50 = 5ms, .p99 = {}, .max = 7ms},
                                   {},
                                   {.ended = 303, .errors = 4, .p50 = 6ms, .p99 = 8ms, .max = 2s}}};
  result.record = result.steps[0].record;
  result.record.merge(result.steps[1].record);
  result.record.response_time.effective_samples = {241, 160.5, 80, 0};
  result.record.service_time.effective_samples = {302, 302, 302, 0};
  result.targets = {{"GET", "/wait?delay=50ms"}, {"POST", "/counter"}};
  result.record.targets.resize(2);
  for (TargetTally& target : result.record.targets) {
    target.completed = 150;
    target.errors = 4;
    target.response_time = result.steps[0].record.response_time;
  }
  result.thresholds = {{"p99<200ms", false, "231 ms"}, {"errors<10%", true, "3 %"}};
  result.arrival_fit = ArrivalFit{.sends = 306,
                                  .ks_distance = 0.0625,
                                  .ks_limit = 0.078,
                                  .dispersion = 1.3,
                                  .dispersion_least = 0.6,
                                  .dispersion_most = 1.2,
                                  .fits = false,
                                  .why_not = "the sends came in bunches"};
  result.load_threads = {{.cpu_share = 0.25, .span = 3s, .involuntary_switches = 17},
                         {.cpu_share = 0.5, .span = 3s, .involuntary_switches = 4}};
  result.listen_overflows = 12;
  result.cpu_loss = {.stolen = 0.02, .throttled = 0.5};
  result.detour = "port 8080 is published by Docker";
  result.seed = 18'446'744'073'709'551'615u;
  result.repeats = {poor_result()};
  result.machine.cpu_quota = 1.5;
  result.machine.memory_bytes = 8ull << 30;
  result.machine.governor = "performance";
  return result;
}

}  // namespace waitlab::client
