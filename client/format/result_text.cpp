#include "client/format/result_text.hpp"

#include "client/judge/notes.hpp"
#include "client/stats/time_text.hpp"
#include "common/text/text_table.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace waitlab::client {
namespace {

constexpr std::size_t label_width = 12;
constexpr double busy_share = 0.5;       ///< of a CPU: a load thread above it may be late
constexpr double telling_switches = 10;  ///< per second: often enough to show in a p99

std::string labelled(std::string_view label, std::string_view text) {
  return fmt::format("{:<{}}", label, label_width) + wrap(text, terminal_columns, label_width);
}

/// Set off by an empty line, if there is anything.
std::string part(const std::string& text) {
  return text.empty() ? "" : "\n" + text;
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string short_size(std::uint64_t bytes) {
  constexpr std::array<const char*, 4> units{"B", "kB", "MB", "GB"};
  constexpr double next_unit = 999.5;  // would be printed as 1000
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= next_unit && unit + 1 < units.size(); ++unit)
    value /= 1000;
  return fmt::format("{:.{}f} {}", value, unit == 0 || value >= 99.95 ? 0 : 1, units[unit]);
}

std::string what_was_asked(const LoadResult& result) {
  if (result.address.empty()) return fmt::format("{} {}\n", result.method, result.url);  // nobody met a server
  if (result.targets.empty()) return fmt::format("{} {} at {}\n", result.method, result.url, result.address);
  return fmt::format("A mix of {} at {}, {}\n", counted(result.targets.size(), "request"), result.url, result.address);
}

std::string offered(const LoadResult& result) {
  if (result.steps.empty()) return fmt::format("{:g}/s offered", result.offered_rate.value_or(0));
  return fmt::format("{} from {:g}/s to {:g}/s", counted(result.steps.size(), "step"), result.steps.front().from_rate,
                     result.steps.back().to_rate);
}

std::string how_it_was_asked(const LoadResult& result) {
  const std::string threads = counted(result.threads, "thread");
  const std::string connections = counted(result.connections, "connection");
  if (!result.offered_rate && result.steps.empty()) return fmt::format("closed loop: {}, {}\n", connections, threads);
  return wrap(
      fmt::format("open loop: {}, {} arrivals, up to {}, {}", offered(result), result.arrivals, connections, threads),
      terminal_columns);
}

std::string thresholds(const LoadResult& result) {
  std::size_t widest = 0;
  for (const ThresholdOutcome& threshold : result.thresholds)
    widest = std::max(widest, columns_of(threshold.text));
  std::string text;
  for (const ThresholdOutcome& threshold : result.thresholds)
    text += fmt::format("{} {:<{}}  {}\n", threshold.met ? "✓" : "✗", threshold.text, widest, threshold.found);
  return text;
}

std::string why_aborted(const LoadResult& result) {
  if (!result.aborted_by) return "before its time, for a threshold was missed";
  return fmt::format("before its time, for {} was missed: {}", result.aborted_by->text, result.aborted_by->found);
}

/// What the figures below were held against, and whether they may be believed: if not, that comes first of all.
std::string verdict(const LoadResult& result) {
  std::string text = "\n";
  for (const std::string& reason : result.invalid_because)
    text += labelled("INVALID", reason);
  text += thresholds(result);
  if (result.valid()) text += labelled("Valid", "yes");
  if (result.aborted) text += labelled("Aborted", why_aborted(result));
  for (const std::string& note : notes_on(result))
    text += labelled("Note", note);
  return text;
}

std::string rate(const LoadResult& result) {
  const std::string window = short_time(result.window);
  const std::string achieved = result.has_rate()
                                   ? fmt::format("{:.1f}/s achieved over {}", result.achieved_rate(), window)
                                   : counted(result.record.completed_in_window, "response") + " in " + window;
  if (!result.offered_rate) return achieved;
  const std::string due = result.arrivals == "poisson" && makes_rate(result.record.requests.sent, result.window)
                              ? fmt::format("{:.1f}/s due by chance, ", result.arrived_rate())
                              : "";
  return fmt::format("{:g}/s offered, {}{}", *result.offered_rate, due, achieved);
}

std::string traffic(const LoadRecord& record) {
  const std::string renewed =
      record.reconnects > 0 ? fmt::format(" ({} in place of closed ones)", record.reconnects) : "";
  return fmt::format("{}{}, {} in, {} out", counted(record.connections, "connection"), renewed,
                     short_size(record.bytes_in), short_size(record.bytes_out));
}

/// How the workers of a run came together; empty where one client made it.
std::string workers(const LoadResult& result) {
  if (!result.gathering) return "";
  const Gathering& gathering = *result.gathering;
  std::uint64_t refused = 0;
  for (const auto& [why, times] : gathering.refused)
    refused += times;
  const auto here = std::ranges::count_if(result.workers, [](const auto& worker) { return worker.result.has_value(); });
  std::string text = fmt::format("{} of {}", here, gathering.workers);
  if (gathering.span > std::chrono::nanoseconds(0) && gathering.workers > 1)
    text += fmt::format(", their starts within {} of one another", short_time(gathering.start_spread));
  if (refused > 0) text += fmt::format("; {} refused", counted(refused, "connection"));
  return labelled("Workers", text);
}

std::string account(const LoadResult& result) {
  const LoadRecord& record = result.record;
  const RequestCounts& requests = record.requests;
  std::string text = "\n";
  text += labelled("Requests",
                   fmt::format("{} sent = {} completed + {} failed + {} timed out + {} unfinished", requests.sent,
                               requests.completed, requests.failed, requests.timed_out, requests.unfinished));
  text += labelled("Rate", rate(result));
  text += labelled("Traffic", traffic(record));
  text += workers(result);
  if (record.retried > 0) {
    text += labelled("", fmt::format("{} sent again, for the server had closed their connection",
                                     counted(record.retried, "request")));
  }
  if (record.waited_for_connection > 0) {
    text += labelled(
        "", fmt::format("cap of {} reached: {} waited inside the client", counted(result.connections, "connection"),
                        counted(record.waited_for_connection, "request")));
  }
  return text;
}

std::string statuses(const LoadRecord& record) {
  std::string text;
  for (const auto& [status, count] : record.statuses)
    text += fmt::format("{}{}: {}", text.empty() ? "" : "  ", status, count);
  return text.empty() ? "none" : text;
}

std::string outcomes(const LoadRecord& record) {
  const std::size_t message_column = 21 + std::max<std::size_t>(9, fmt::to_string(record.error_count()).size() + 1);
  std::string text = part(labelled("Statuses", statuses(record)));
  text += labelled("Errors", record.error_count() == 0 ? "none" : std::to_string(record.error_count()));
  TextTable errors({{19, TableColumn::Side::left}, {9}});
  for (std::size_t i = 0; i < record.errors.size(); ++i) {
    const ErrorTally& tally = record.errors[i];
    if (tally.count == 0) continue;
    std::string example = wrap(tally.example, terminal_columns, message_column);
    example.pop_back();  // the end of the line
    errors.add({fmt::format("  {}", error_names[i]), fmt::to_string(tally.count)}, "  " + example);
  }
  return text + errors.text();
}

/// The client's own cost, where it is high enough to have a part in the figures.
std::string cost(const LoadResult& result) {
  double busiest = 0;
  std::uint64_t switches = 0;
  for (const LoadThreadUsage& thread : result.load_threads) {
    busiest = std::max(busiest, std::min(1.0, thread.cpu_share));  // results of earlier versions may have more
    switches += thread.involuntary_switches;
  }
  const double seconds = std::max(1.0, std::chrono::duration<double>(result.window).count());
  const bool telling = busiest >= busy_share || static_cast<double>(switches) > telling_switches * seconds;
  if (result.load_threads.empty() || (result.valid() && !telling)) return "";
  return labelled("Client CPU",
                  fmt::format("busiest thread {:.0f} % of a CPU; involuntary switches: {}", 100 * busiest, switches));
}

std::string arrivals(const ArrivalFit& fit) {
  std::string figures;
  if (fit.dispersion) {
    figures += fmt::format(" dispersion {:.3g} ({:.3g} to {:.3g})", *fit.dispersion, fit.dispersion_least,
                           fit.dispersion_most);
  }
  if (fit.ks_distance) {
    figures +=
        fmt::format("{} KS distance {:.2g} (up to {:.2g})", figures.empty() ? "" : ",", *fit.ks_distance, fit.ks_limit);
  }
  if (figures.empty()) return "";
  return labelled("Arrivals", fmt::format("{}:{}", fit.fits ? "fit" : "do not fit", figures));
}

/// What the client says of itself.
std::string self(const LoadResult& result) {
  const HdrHistogram& lag = result.record.schedule_lag;
  std::string text;
  if (lag.count() > 0) {
    std::string figures;
    each_quantile(Room::little, [&](const Quantile& quantile, std::size_t) {
      figures += fmt::format("{} {}, ", quantile.label, short_time(percentile(lag, quantile.share)));
    });
    text += labelled("Client lag", figures + "max " + short_time(lag.max()));
  }
  if (result.arrival_fit) text += arrivals(*result.arrival_fit);
  return text + cost(result);
}

}  // namespace

std::string to_text(const LoadResult& result) {
  const LoadRecord& record = result.record;
  return what_was_asked(result) + how_it_was_asked(result) + verdict(result) + account(result) +
         part(times_table(record)) + part(repeat_table(result)) + part(worker_table(result)) +
         part(step_table(result)) + part(target_table(result)) +
         part(split_table(record.split, record.requests.completed)) + outcomes(record) + part(self(result));
}

}  // namespace waitlab::client
