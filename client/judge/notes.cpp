#include "client/judge/notes.hpp"

#include "client/stats/steadiness.hpp"
#include "client/stats/time_summary.hpp"
#include "client/stats/time_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using Notes = std::vector<std::string>;

constexpr double lag_share = 0.1;  ///< of a response time: as much lag shows in it
constexpr double most_switches_per_second = 500;
constexpr double little_loss = 0.01;  ///< of CPU time

/// Failures are noted from a lower share than the rest, as they are missing from every percentile.
void note_errors(const LoadRecord& record, Notes& notes) {
  const RequestCounts& requests = record.requests;
  const auto many = [&requests](std::uint64_t count) { return count * 100 > requests.sent; };
  if (many(10 * requests.failed)) {
    notes.push_back(fmt::format("{} of {} requests failed and are not in the times: {} completed", requests.failed,
                                requests.sent, requests.completed));
  }
  if (many(requests.timed_out)) {
    notes.push_back(fmt::format("{} of {} requests timed out and count in the times as lower bounds",
                                requests.timed_out, requests.sent));
  }
  const auto error_statuses = record.error(ErrorKind::status_4xx).count + record.error(ErrorKind::status_5xx).count;
  if (many(error_statuses)) {
    notes.push_back(fmt::format("{} of {} requests were answered with an error status: the times include theirs",
                                error_statuses, requests.sent));
  }
  const auto unexpected =
      record.error(ErrorKind::unexpected_status).count + record.error(ErrorKind::unexpected_body).count;
  if (many(unexpected)) {
    notes.push_back(fmt::format("{} of {} requests got another answer than expected: the times include theirs",
                                unexpected, requests.sent));
  }
}

/// Errors often come at once, and then make percentiles look better than those of successful responses.
void note_times_without_errors(const LoadRecord& record, Notes& notes) {
  const auto& unwanted = record.unwanted_response_time;
  if (!unwanted || unwanted->count() < record.unwanted_count()) return;  // of an older result: times not kept apart
  if (unwanted->count() * 100 <= record.requests.completed) return;
  const CensoredHistogram good = record.good_response_time();
  const TimeFigure p50 = percentile(good, 0.50);
  const TimeFigure p99 = percentile(good, 0.99);
  if (!p50.value) return;
  const double share = static_cast<double>(unwanted->count()) / static_cast<double>(record.requests.completed);
  notes.push_back(fmt::format("{:.0f} % of the responses were errors, half of them within {}; without them p50 is {}{}",
                              100 * share, short_time(unwanted->value_at(0.5)), short_time(p50),
                              p99.value ? " and p99 " + short_time(p99) : ""));
}

void note_unfinished(const LoadRecord& record, Notes& notes) {
  if (record.requests.unfinished == 0) return;
  notes.push_back(
      fmt::format("{} of {} requests were still in flight when the run was stopped, the oldest for {}: they are not in "
                  "the times, which are lower bounds where marked >",
                  record.requests.unfinished, record.requests.sent, short_time(record.longest_unfinished)));
}

/// A server that falls behind is no fault of the measurement, but its response times then grow as long as one measures.
/// Failures are no backlog, and where even the fastest response takes half the window, the window is too short to tell.
void note_backlog(const LoadRecord& record, std::chrono::nanoseconds window, const std::string& where, Notes& notes) {
  const RequestCounts& requests = record.requests;
  if (requests.completed > 0 && record.response_time.values.min() >= window / 2) return;
  const double failed =
      requests.sent > 0 ? static_cast<double>(requests.failed) / static_cast<double>(requests.sent) : 0;
  const SecondHalf half{record.second_half.due * (1 - failed), record.second_half.completed};
  if (keeps_up(half)) return;
  notes.push_back(
      fmt::format("{}the server fell behind: {} of the {:.0f} responses that were due in the second half came, so "
                  "response times keep growing while the load lasts",
                  where, half.completed, half.due));
}

void note_backlogs(const LoadResult& result, Notes& notes) {
  if (result.interrupted || result.aborted) return;
  if (result.steps.empty()) note_backlog(result.record, result.window, "", notes);
  for (std::size_t i = 0; i < result.steps.size(); ++i) {
    const StepResult& step = result.steps[i];
    note_backlog(step.record, step.window, fmt::format("step {}: ", i + 1), notes);
  }
}

void note_lag(const LoadRecord& record, Notes& notes) {
  const HdrHistogram& lag = record.schedule_lag;
  const HdrHistogram& response = record.response_time.values;
  if (lag.count() == 0 || response.count() == 0) return;
  std::vector<std::string> figures;
  const auto hold = [&figures](std::string_view name, std::chrono::nanoseconds own, std::chrono::nanoseconds whole) {
    if (static_cast<double>(own.count()) <= lag_share * static_cast<double>(whole.count())) return;
    figures.push_back(fmt::format("{} ({} of {})", name, short_time(own), short_time(whole)));
  };
  for (const Quantile& quantile : shown_quantiles) {
    const TimeFigure own = percentile(lag, quantile.share);
    const TimeFigure whole = percentile(response, quantile.share);
    if (own.value && whole.value) hold(quantile.label, *own.value, *whole.value);
  }
  hold("max", lag.max(), response.max());
  if (figures.empty()) return;
  notes.push_back(
      fmt::format("part of these response times may be the client's own lag: {}", fmt::join(figures, ", ")));
}

void note_connections(const LoadResult& result, Notes& notes) {
  const LoadRecord& record = result.record;
  if (record.unasked > 0) {
    notes.push_back(fmt::format(
        "the server sent bytes on {} idle connection{} that nobody had asked for, such as a second response: "
        "they were closed and answered no request",
        record.unasked, record.unasked == 1 ? "" : "s"));
  }
  if (record.elsewhere > 0) {
    notes.push_back(fmt::format(
        "{} of {} connections went to another address of the host, as {} did not take them: the figures are of both",
        record.elsewhere, record.connections, result.address));
  }
}

void note_nagle(const LoadRecord& record, Notes& notes) {
  if (10 * record.nagle_stalls <= record.requests.completed) return;
  notes.push_back(fmt::format(
      "{} of {} responses came in two parts about 40 ms apart, as where the server's Nagle algorithm waits "
      "for the client's delayed acknowledgement: try TCP_NODELAY in the server, or send head and body at once",
      record.nagle_stalls, record.requests.completed));
}

void note_unsteadiness(const LoadResult& result, Notes& notes) {
  if (!result.steps.empty() || !keeps_up(result.record.second_half)) return;
  const auto change = find_change(
      result.timeline, {.window = result.window, .long_time = result.record.response_time.values.value_at(0.99)});
  if (!change) return;
  const bool slower = change->p50 > change->p50_else;
  const char* const advice = change->begins_it && slower ? "; a longer --warmup leaves them out" : "";
  const auto seconds = std::chrono::duration<double>(change->length).count();
  notes.push_back(fmt::format("the run was not steady: the {} {:.3g} s were {} (p50 {}, else {}){}",
                              change->begins_it ? "first" : "last", seconds, slower ? "slower" : "faster",
                              short_time(change->p50), short_time(change->p50_else), advice));
}

void note_machine(const LoadResult& result, Notes& notes) {
  if (!result.detour.empty()) notes.push_back(result.detour);
  if (result.listen_overflows.value_or(0) > 0) {
    notes.push_back(
        fmt::format("a listen queue of this machine overflowed {} times: the kernel retries a dropped "
                    "connect after 1 s",
                    *result.listen_overflows));
  }
  const CpuLoss& loss = result.cpu_loss;
  if (loss.stolen.value_or(0) > little_loss)
    notes.push_back(fmt::format("other virtual machines took {:.1f} % of the CPU time that was wanted (steal)",
                                100 * *loss.stolen));
  if (loss.throttled.value_or(0) > little_loss) {
    notes.push_back(fmt::format("the CPU quota of the client's control group was used up in {:.1f} % of its periods",
                                100 * *loss.throttled));
  }
  double per_second = 0;
  for (const LoadThreadUsage& thread : result.load_threads) {
    const double span = std::chrono::duration<double>(thread.span).count();
    if (thread.span >= 1s) per_second = std::max(per_second, static_cast<double>(thread.involuntary_switches) / span);
  }
  if (per_second > most_switches_per_second) {
    notes.push_back(
        fmt::format("other programs preempted a load thread {:.0f} times a second: the times "
                    "include its waiting to get back",
                    per_second));
  }
}

}  // namespace

std::vector<std::string> notes_on(const LoadResult& result) {
  Notes notes;
  note_errors(result.record, notes);
  note_times_without_errors(result.record, notes);
  note_unfinished(result.record, notes);
  note_backlogs(result, notes);
  note_lag(result.record, notes);
  note_nagle(result.record, notes);
  note_unsteadiness(result, notes);
  note_connections(result, notes);
  note_machine(result, notes);
  return notes;
}

}  // namespace waitlab::client
