#include "client/commands/capacity_report.hpp"

#include "client/stats/time_summary.hpp"
#include "client/stats/time_text.hpp"
#include "common/json/or_null.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace waitlab::client {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema_version = 1;
constexpr std::size_t reason_indent = 6;

const char* verdict_name(ProbeVerdict verdict) {
  switch (verdict) {
    case ProbeVerdict::passed:
      return "passed";
    case ProbeVerdict::server_failed:
      return "server_failed";
    case ProbeVerdict::client_failed:
      return "client_failed";
  }
  return "";
}

/// Why the lowest failing rate failed, the second time.
std::string last_reason(const CapacityResult& result) {
  std::string reason;
  for (const Probe& probe : result.probes) {
    if (result.lowest_failed && probe.rate == result.lowest_failed->rate && !probe.outcome.why.empty()) {
      reason = probe.outcome.why;
    }
  }
  return reason;
}

std::string failed_text(const CapacityResult& result) {
  if (!result.lowest_failed) return "";
  const std::string rate = probe_rate_text(result.lowest_failed->rate);
  if (result.lowest_failed->verdict == ProbeVerdict::server_failed) {
    return fmt::format("The server failed at {}: {}.", rate, last_reason(result));
  }
  return fmt::format("The client was the bottleneck at {}, so the server may do more: {}.", rate, last_reason(result));
}

std::string passed_text(const CapacityResult& result) {
  if (result.highest_passed)
    return fmt::format("Highest rate that passed: {}.", probe_rate_text(*result.highest_passed));
  return result.lowest_failed ? "Even the lowest rate failed." : "No rate passed.";
}

std::string limits_text(const CapacityResult& begun) {
  const std::string implied = begun.implied_threshold ? fmt::format(" ({} is implied)", *begun.implied_threshold) : "";
  return fmt::format("Must hold: {}{}.", fmt::join(begun.thresholds, ", "), implied);
}

Json probe_json(const Probe& probe) {
  const TimeSummary times = summarize(probe.result.record.response_time);
  Json json = {{"rate", {{"offered", probe.rate}, {"achieved", probe.result.achieved_rate()}}},
               {"verdict", verdict_name(probe.outcome.verdict)},
               {"why", probe.outcome.why},
               {"errors", probe.result.record.error_count()}};
  json["response_time_us"] = {
      {"p50", or_null(times.p50.value)}, {"p90", or_null(times.p90.value)}, {"p99", or_null(times.p99.value)}};
  json["valid"] = probe.result.valid();
  json["invalid_because"] = probe.result.invalid_because;
  return json;
}

}  // namespace

std::string probe_rate_text(double rate) {
  return fmt::format("{:.6g}/s", rate);
}

std::string begin_text(const CapacityResult& begun) {
  std::string text = begun.url + "\n" + wrap(limits_text(begun), terminal_columns);
  if (begun.unloaded)
    text += fmt::format("One request at a time is served in {} (p50).\n", short_time(*begun.unloaded));
  return text + fmt::format("\n{:>11}{:>13}{:>12}{:>12}{:>10}\n", "offered", "achieved", "p50", "p99", "errors");
}

std::string probe_text(const Probe& probe) {
  const TimeSummary times = summarize(probe.result.record.response_time);
  const bool passed = probe.outcome.verdict == ProbeVerdict::passed;
  std::string text = fmt::format("{:>11}{:>13}{:>12}{:>12}{:>10}  {}\n", probe_rate_text(probe.rate),
                                 fmt::format("{:.1f}/s", probe.result.achieved_rate()), short_time(times.p50),
                                 short_time(times.p99), probe.result.record.error_count(), passed ? "✓" : "✗");
  if (passed) return text;
  const char* who = probe.outcome.verdict == ProbeVerdict::client_failed ? "the client: " : "";
  const std::string indent(reason_indent, ' ');
  return text + wrap(indent + who + probe.outcome.why, terminal_columns, reason_indent);
}

std::string verdict_text(const CapacityResult& result) {
  std::string text;
  if (result.interrupted) text += "Interrupted; what was found until then:\n";
  text += wrap(passed_text(result), terminal_columns);
  if (const std::string failed = failed_text(result); !failed.empty()) return text + wrap(failed, terminal_columns);
  if (result.highest_passed && !result.interrupted) text += "No rate failed up to --max-rate.\n";
  return text;
}

nlohmann::ordered_json to_json(const CapacityResult& result) {
  Json probes = Json::array();
  for (const Probe& probe : result.probes)
    probes.push_back(probe_json(probe));
  Json json = {{"schema_version", schema_version},
               {"command", result.command},
               {"started_at", result.started_at},
               {"url", result.url},
               {"thresholds", result.thresholds},
               {"implied_threshold", or_null(result.implied_threshold)},
               {"unloaded_p50_us", or_null(result.unloaded)},
               {"highest_passed", or_null(result.highest_passed)},
               {"lowest_failed", result.lowest_failed ? Json(result.lowest_failed->rate) : Json(nullptr)},
               {"gave_out", nullptr},
               {"interrupted", result.interrupted},
               {"probes", std::move(probes)}};
  if (result.lowest_failed) {
    json["gave_out"] = result.lowest_failed->verdict == ProbeVerdict::client_failed ? "client" : "server";
  }
  return json;
}

}  // namespace waitlab::client
