#include "server/telemetry/views.hpp"

#include "common/clock/seconds.hpp"
#include "common/json/or_null.hpp"
#include "common/process/process_stats.hpp"
#include "server/telemetry/deadlocks.hpp"
#include "server/telemetry/loops.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>
#include <algorithm>

namespace waitlab::server {

namespace {

using nlohmann::ordered_json;

ordered_json switches_json(const ResourceUsage& usage) {
  return {{"voluntary", usage.voluntary_switches}, {"involuntary", usage.involuntary_switches}};
}

/// A number for each of a family's names.
template <class Label, std::size_t N>
ordered_json family_json(const CountFamily<Label, N>& family, const std::array<std::string_view, N>& names) {
  ordered_json json = ordered_json::object();
  for (std::size_t index = 0; index < N; ++index)
    json[std::string(names[index])] = family.counts[index];
  return json;
}

/// All strategies together.
struct Totals {
  Counts counts;
  RequestsNow requests;
};

Totals totals_of(const std::vector<const Telemetry*>& strategies) {
  Totals totals;
  for (const Telemetry* strategy : strategies) {
    const Counts counts = strategy->counts.total();
    const RequestsNow now = requests_now(*strategy, counts);
    totals.counts += counts;
    totals.requests.in_flight += now.in_flight;
    totals.requests.queued += now.queued;
    totals.requests.waiting += now.waiting;
    totals.requests.running += now.running;
  }
  return totals;
}

/// The peaks are those of the strategy that runs.
ordered_json requests_json(const Totals& totals, const Telemetry& running) {
  return {{"in_flight", totals.requests.in_flight},
          {"queued", totals.requests.queued},
          {"waiting", totals.requests.waiting},
          {"running", totals.requests.running},
          {"completed_total", totals.counts.answered.total()},
          {"in_flight_peak", running.in_flight.peak()},
          {"queued_peak", running.queued.peak()}};
}

ordered_json accounts_json(const Counts& counts, const Deadlocks& deadlocks) {
  ordered_json json = {{"transfers", family_json(counts.transfers, transfer_outcome_names)},
                       {"retries_total", counts.transfer_retries}};
  json.update(deadlocks_json(deadlocks, std::chrono::steady_clock::now()));
  return json;
}

/// What is not limited is null.
ordered_json limits_json(const ResourceLimits& limits) {
  return {{"cpus_usable", limits.cpus_usable},
          {"cpu_quota", or_null(limits.cgroup.cpus)},
          {"cpus", limits.cpus()},
          {"memory_bytes", or_null(limits.cgroup.memory_bytes)},
          {"pids", or_null(limits.cgroup.pids)},
          {"threads", limits.threads.most},
          {"descriptors", limits.descriptors}};
}

}  // namespace

std::string status_json(const RunningStrategy& running, const std::vector<const Telemetry*>& strategies,
                        std::optional<bool> backend_up, const Deadlocks& deadlocks, const ResourceLimits& limits,
                        std::chrono::steady_clock::time_point started) {
  ResourceUsage whole = process_usage();
  const ResourceUsage own = thread_usage();
  const auto sample = sample_process(::getpid());
  const Totals totals = totals_of(strategies);
  const Counts& counts = totals.counts;
  whole += counts.used_by_processes();
  const ordered_json status = {
      {"strategy", running.name},
      {"description", running.facts.description},
      {"facts", facts_json(running.facts)},
      {"sizes", {{"threads", running.facts.workers}, {"max_connections", running.max_connections}}},
      {"pid", ::getpid()},
      {"uptime_seconds", seconds(std::chrono::steady_clock::now() - started)},
      {"threads", sample ? sample->threads : 0},
      {"rss_bytes", sample ? sample->rss_bytes : 0},
      {"loops", loops_json(loops_now(*strategies.back(), std::chrono::steady_clock::now()))},
      {"limits", limits_json(limits)},
      {"connections",
       {{"open", counts.open_connections()},
        {"accepted_total", counts.accepted},
        {"refused_total", counts.refused.total()},
        {"refused", family_json(counts.refused, refusal_names)},
        {"ended", family_json(counts.endings, ending_names)}}},
      {"requests", requests_json(totals, *strategies.back())},
      {"answered", family_json(counts.answered, status_class_names)},
      {"rejected", family_json(counts.rejected, rejection_names)},
      {"backend_up", or_null(backend_up)},
      {"backend", family_json(counts.backend, backend_outcome_names)},
      {"accounts", accounts_json(counts, deadlocks)},
      {"request_log", {{"lost_total", counts.log_rows_lost}}},
      {"cpu_seconds", seconds(whole.cpu_time)},
      {"context_switches", switches_json(whole)},
      {"admin_thread", {{"cpu_seconds", seconds(own.cpu_time)}, {"context_switches", switches_json(own)}}}};
  return status.dump(2) + "\n";
}

}  // namespace waitlab::server
