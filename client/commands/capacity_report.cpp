#include "client/commands/capacity_report.hpp"

#include "client/format/moment.hpp"
#include "client/format/times_fields.hpp"
#include "client/stats/time_summary.hpp"
#include "client/stats/time_text.hpp"
#include "common/json/fields.hpp"
#include "common/text/text_table.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using form::Json;

constexpr int capacity_schema_version = 1;
constexpr std::array<std::string_view, 4> verdict_names{"passed", "server_failed", "client_failed", "spoilt"};
constexpr std::array<std::string_view, 2> who_gives_out{"server", "client"};
constexpr form::Nullable found_rate{form::Number{.above = 0}};
constexpr std::size_t reason_indent = 6;

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
  return fmt::format("The client could not put on {}, so nothing is known of the server there: {}.", rate,
                     last_reason(result));
}

std::string passed_text(const CapacityResult& result) {
  if (result.highest_passed) {
    const CapacitySearch::Confirmation& confirmation = result.confirmation;
    std::string confirmed;
    if (confirmation.passed > 0)
      confirmed = fmt::format(", in {} of {} longer probes", confirmation.passed, confirmation.of);
    else if (confirmation.of > 0)
      confirmed =
          fmt::format(", in short probes: {} longer one{} failed", confirmation.of, confirmation.of == 1 ? "" : "s");
    const std::string between = result.lowest_failed ? fmt::format(" The limit lies between {} and {}.",
                                                                   probe_rate_text(*result.highest_passed),
                                                                   probe_rate_text(result.lowest_failed->rate))
                                                     : "";
    return fmt::format("Highest rate that passed: {}{}.{}", probe_rate_text(*result.highest_passed), confirmed,
                       between);
  }
  return result.lowest_failed ? "Even the lowest rate failed." : "No rate passed.";
}

std::string limits_text(const CapacityResult& begun) {
  const std::string implied = begun.implied_threshold ? fmt::format(" ({} is implied)", *begun.implied_threshold) : "";
  return fmt::format("Must hold: {}{}.", fmt::join(begun.thresholds, ", "), implied);
}

}  // namespace

std::string probe_rate_text(double rate) {
  return fmt::format("{:.6g}/s", rate);
}

namespace {

/// A line by itself, as each probe is shown once it is over.
std::string table_line(std::vector<std::string> cells, const std::string& rest) {
  std::vector<TableColumn> columns{{11}, {13}};
  each_quantile(Room::little, [&](const Quantile&, std::size_t) { columns.push_back({12}); });
  columns.push_back({10});
  TextTable line(std::move(columns));
  line.add(std::move(cells), rest);
  return line.text();
}

}  // namespace

std::string begin_text(const CapacityResult& begun) {
  std::string text = begun.url + "\n" + wrap(limits_text(begun), terminal_columns);
  if (begun.unloaded)
    text += fmt::format("One request at a time is served in {} (p50).\n", short_time(*begun.unloaded));
  std::vector<std::string> heads{"offered", "achieved"};
  each_quantile(Room::little, [&](const Quantile& quantile, std::size_t) { heads.emplace_back(quantile.label); });
  heads.emplace_back("errors");
  return text + "\n" + table_line(std::move(heads), "");
}

std::string probe_text(const Probe& probe) {
  const TimeSummary times = summarize(probe.result.record.response_time);
  const bool passed = probe.outcome.verdict == ProbeVerdict::passed;
  std::vector<std::string> cells{probe_rate_text(probe.rate), fmt::format("{:.1f}/s", probe.result.achieved_rate())};
  each_quantile(Room::little,
                [&](const Quantile&, std::size_t i) { cells.push_back(short_time(times.percentiles[i])); });
  cells.push_back(fmt::to_string(probe.result.record.error_count()));
  const bool spoilt = probe.outcome.verdict == ProbeVerdict::spoilt;
  const std::string text = table_line(std::move(cells), passed ? "  ✓" : spoilt ? "  –" : "  ✗");
  if (passed) return text;
  const char* who = spoilt                                                 ? "spoilt, does not count: "
                    : probe.outcome.verdict == ProbeVerdict::client_failed ? "the client: "
                                                                           : "";
  const std::string indent(reason_indent, ' ');
  return text + wrap(indent + who + probe.outcome.why, terminal_columns, reason_indent);
}

namespace {

/// Why the search ended early, and what to do; empty if it did not.
std::string ended_early(const CapacityResult& result) {
  if (result.interrupted) return "Interrupted; what was found until then:\n";
  if (result.spoilt)
    return wrap(
        "Probe after probe was spoilt by something else: close other programs, give the client a core of its own, or "
        "take a quieter machine where other virtual machines took CPU time. What was found until then:",
        terminal_columns);
  if (!result.not_recovered) return {};
  const auto& [from, takes] = *result.not_recovered;
  const std::string now =
      takes ? fmt::format("a single request still takes {}", short_time(*takes)) : "no request completes";
  return wrap(
      fmt::format("The server has not recovered from {} within 30 s: {} ({} before the search). Start it again, and "
                  "search below with --max-rate. What was found until then:",
                  probe_rate_text(from), now, short_time(result.unloaded.value_or(std::chrono::nanoseconds(0)))),
      terminal_columns);
}

}  // namespace

std::string verdict_text(const CapacityResult& result) {
  std::string text = ended_early(result);
  text += wrap(passed_text(result), terminal_columns);
  if (const std::string failed = failed_text(result); !failed.empty()) return text + wrap(failed, terminal_columns);
  if (result.highest_passed && ended_early(result).empty()) text += "No rate failed up to --max-rate.\n";
  return text;
}

void fields(auto& visit, Of<Probe> auto& probe) {
  const TimeSummary times = summarize(probe.result.record.response_time);
  visit.group("rate", [&](auto& rate) {
    rate.derived("offered", form::Number{.above = 0}, [&] { return probe.rate; });
    rate.derived("achieved", form::amount, [&] { return probe.result.achieved_rate(); });
  });
  visit.derived("verdict", form::Choice{verdict_names}, [&] { return probe.outcome.verdict; });
  visit.derived(
      "why", form::text, [&] { return probe.outcome.why; }, "Why it did not pass; empty if it did.");
  visit.derived("errors", form::count, [&] { return probe.result.record.error_count(); });
  visit.group(
      "response_time_us", [&](auto& figures) { percentile_fields(figures, Room::some, times); },
      "Null where there are too few samples.");
  visit.derived("valid", form::flag, [&] { return probe.result.valid(); });
  visit.derived("invalid_because", form::texts, [&] { return probe.result.invalid_because; });
}

namespace {

/// Who failed at the lowest rate that failed; nothing if none did.
std::optional<std::string_view> gave_out(const CapacityResult& result) {
  if (!result.lowest_failed) return std::nullopt;
  return who_gives_out[result.lowest_failed->verdict == ProbeVerdict::client_failed ? 1 : 0];
}

std::optional<std::uint64_t> longer_probes(const CapacityResult& result, unsigned probes) {
  return result.confirmation.of > 0 ? std::optional<std::uint64_t>(probes) : std::nullopt;
}

std::optional<double> lowest_failed_rate(const CapacityResult& result) {
  return result.lowest_failed ? std::optional(result.lowest_failed->rate) : std::nullopt;
}

}  // namespace

void fields(auto& visit, Of<CapacityResult> auto& result) {
  visit.derived("schema_version", form::Constant{capacity_schema_version}, [] { return capacity_schema_version; });
  visit.derived("command", form::text, [&] { return result.command; });
  visit.derived(
      "started_at", form::Moment{}, [&] { return result.started_at; }, "UTC.");
  visit.derived("url", form::text, [&] { return result.url; });
  visit.derived(
      "thresholds", form::ListOf{form::text, 1}, [&] { return result.thresholds; }, "All that must hold.");
  visit.derived(
      "implied_threshold", form::Nullable{form::text}, [&] { return result.implied_threshold; },
      "Which of them was not given: one about errors, unless another was.");
  visit.derived(
      "unloaded_p50_us", form::time_or_null, [&] { return result.unloaded; },
      "The median service time of single requests before the search; null if none completed.");
  visit.derived(
      "highest_passed", found_rate, [&] { return result.highest_passed; }, "The highest rate that passed.");
  visit.derived(
      "lowest_failed", found_rate, [&] { return lowest_failed_rate(result); }, "The lowest rate that failed twice.");
  visit.derived(
      "gave_out", form::Nullable{form::Choice{who_gives_out}}, [&] { return gave_out(result); },
      "Who failed there. If the client did, the server may do more. Null if no rate failed.");
  visit.derived_younger(
      "confirmed", form::count_or_null, [&] { return longer_probes(result, result.confirmation.passed); },
      "In how many of the longer probes the highest rate passed; null if none was made.");
  visit.derived_younger(
      "longer_probes", form::count_or_null, [&] { return longer_probes(result, result.confirmation.of); },
      "How many of those were made.");
  visit.derived_younger(
      "not_recovered_from", found_rate,
      [&] { return result.not_recovered ? std::optional(result.not_recovered->from) : std::nullopt; },
      "The rate after whose probe the server stayed slow, which ended the search; else null.");
  visit.derived_younger(
      "spoilt", form::flag, [&] { return result.spoilt; },
      "Whether it ended because other programs spoilt probe after probe.");
  visit.derived("interrupted", form::flag, [&] { return result.interrupted; });
  visit.derived(
      "probes", form::ListOf{form::object}, [&] { return result.probes; }, "In the order in which they were made.");
}

Json to_json(const CapacityResult& result) {
  return form::object.write(result);
}

std::string capacity_schema() {
  return schema_of<CapacityResult>("A search of waitlab-client capacity");
}

}  // namespace waitlab::client
