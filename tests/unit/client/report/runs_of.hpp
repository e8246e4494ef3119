#pragma once

#include "client/record/load_result.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <vector>

namespace waitlab::client {

/// A valid run of its own, of 1,000 requests at 100/s, whose response times are 1 to 1,000 times `unit`.
inline NamedResult run_of(std::chrono::nanoseconds unit, const std::string& name = "run.json") {
  NamedResult run{name, {}};
  LoadResult& result = run.result;
  static int runs = 0;
  result.started_at = fmt::format("2026-01-02T{:02}:{:02}:00.000Z", runs / 60 % 24, runs % 60);
  ++runs;
  result.url = "http://127.0.0.1:8080/wait?delay=50ms";
  result.method = "GET";
  result.offered_rate = 100;
  result.arrivals = "poisson";
  result.timeout = std::chrono::seconds(2);
  result.window = std::chrono::seconds(10);
  for (int i = 1; i <= 1000; ++i)
    result.record.response_time.record(i * unit);
  result.record.response_time.effective_samples.fill(1000);
  result.record.requests.sent = result.record.requests.completed = 1000;
  result.record.completed_in_window = 1000;
  return run;
}

inline std::vector<NamedResult> runs_of(const std::vector<std::chrono::nanoseconds>& units) {
  std::vector<NamedResult> runs;
  for (const auto unit : units)
    runs.push_back(run_of(unit));
  return runs;
}

}  // namespace waitlab::client
