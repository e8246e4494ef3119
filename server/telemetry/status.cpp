#include "server/telemetry/status.hpp"

#include "common/clock/seconds.hpp"
#include "common/json/or_null.hpp"
#include "common/process/process_stats.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>
#include <algorithm>

namespace waitlab::server {

namespace {

using nlohmann::ordered_json;

ordered_json switches_json(const ResourceUsage& usage) {
  return {{"voluntary", usage.voluntary_switches}, {"involuntary", usage.involuntary_switches}};
}

/// One gauge's or counter's reading, summed over the strategies.
template <class Read>
std::int64_t sum(const std::vector<const Telemetry*>& strategies, Read read) {
  std::int64_t total = 0;
  for (const Telemetry* strategy : strategies)
    total += static_cast<std::int64_t>(read(*strategy));
  return total;
}

/// A counter for each of a family's names, summed over the strategies.
template <class Label, std::size_t N>
ordered_json counts_json(const std::vector<const Telemetry*>& strategies, CounterFamily<Label, N> Telemetry::*counters,
                         const std::array<std::string_view, N>& names) {
  ordered_json json = ordered_json::object();
  for (std::size_t index = 0; index < N; ++index) {
    json[std::string(names[index])] = sum(
        strategies, [&](const Telemetry& strategy) { return (strategy.*counters)[static_cast<Label>(index)].value(); });
  }
  return json;
}

template <class Label, std::size_t N>
std::int64_t total(const std::vector<const Telemetry*>& strategies, CounterFamily<Label, N> Telemetry::*counters) {
  return sum(strategies, [&](const Telemetry& strategy) {
    std::uint64_t count = 0;
    for (std::size_t index = 0; index < N; ++index)
      count += (strategy.*counters)[static_cast<Label>(index)].value();
    return count;
  });
}

ordered_json requests_json(const std::vector<const Telemetry*>& strategies) {
  const auto in_flight = sum(strategies, [](const Telemetry& strategy) { return strategy.in_flight.value(); });
  const auto queued = sum(strategies, [](const Telemetry& strategy) { return strategy.queued.value(); });
  const auto waiting = sum(strategies, [](const Telemetry& strategy) { return strategy.waiting.value(); });
  return {{"in_flight", in_flight},
          {"queued", queued},
          {"waiting", waiting},
          {"running", std::max<std::int64_t>(in_flight - queued - waiting, 0)},
          {"completed_total", total(strategies, &Telemetry::answered)},
          {"in_flight_peak", strategies.back()->in_flight.peak()},
          {"queued_peak", strategies.back()->queued.peak()}};
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
                        const ResourceLimits& limits, std::chrono::steady_clock::time_point started) {
  const ResourceUsage whole = process_usage();
  const ResourceUsage own = thread_usage();
  const auto sample = sample_process(::getpid());
  const ordered_json status = {
      {"strategy", running.name},
      {"description", running.description},
      {"sizes", {{"threads", running.threads}, {"max_connections", running.max_connections}}},
      {"pid", ::getpid()},
      {"uptime_seconds", seconds(std::chrono::steady_clock::now() - started)},
      {"threads", sample ? sample->threads : 0},
      {"rss_bytes", sample ? sample->rss_bytes : 0},
      {"limits", limits_json(limits)},
      {"connections",
       {{"open", sum(strategies, [](const Telemetry& one) { return one.connections.value(); })},
        {"accepted_total", sum(strategies, [](const Telemetry& one) { return one.accepted.value(); })},
        {"refused_total", total(strategies, &Telemetry::refused)},
        {"refused", counts_json(strategies, &Telemetry::refused, refusal_names)},
        {"ended", counts_json(strategies, &Telemetry::endings, ending_names)}}},
      {"requests", requests_json(strategies)},
      {"answered", counts_json(strategies, &Telemetry::answered, status_class_names)},
      {"rejected", counts_json(strategies, &Telemetry::rejected, rejection_names)},
      {"backend", counts_json(strategies, &Telemetry::backend, backend_outcome_names)},
      {"request_log",
       {{"lost_total", sum(strategies, [](const Telemetry& one) { return one.log_rows_lost.value(); })}}},
      {"cpu_seconds", seconds(whole.cpu_time)},
      {"context_switches", switches_json(whole)},
      {"admin_thread", {{"cpu_seconds", seconds(own.cpu_time)}, {"context_switches", switches_json(own)}}}};
  return status.dump(2) + "\n";
}

}  // namespace waitlab::server
