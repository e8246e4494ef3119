#include "client/record/notes.hpp"

#include "client/record/time_summary.hpp"
#include "client/record/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using Notes = std::vector<std::string>;

constexpr double most_switches_per_second = 500;

void note_errors(const LoadRecord& record, Notes& notes) {
  const RequestCounts& requests = record.requests;
  const auto many = [&requests](std::uint64_t count) { return count * 100 > requests.sent; };
  if (many(requests.failed)) {
    notes.push_back(fmt::format("{} of {} requests failed and are in none of the times: {} completed", requests.failed,
                                requests.sent, requests.completed));
  }
  if (many(requests.timed_out)) {
    notes.push_back(fmt::format("{} of {} requests timed out: the times count each of them as the least it took",
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
                  "response times grow as long as the load lasts",
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
  const TimeFigure lag = percentile(record.schedule_lag, 0.99);
  const TimeFigure response = percentile(record.response_time, 0.99);
  if (!lag.value || !response.value || *lag.value < 1ms || *lag.value * 4 <= *response.value) return;
  notes.push_back(fmt::format("the client's own lag (p99 {}) is a good part of the response time's p99 ({})",
                              short_time(*lag.value), short_time(*response.value)));
}

void note_machine(const LoadResult& result, Notes& notes) {
  if (result.listen_overflows.value_or(0) > 0) {
    notes.push_back(
        fmt::format("a listen queue of this machine overflowed {} times: a connect dropped there is tried "
                    "again by the kernel after 1 s",
                    *result.listen_overflows));
  }
  double per_second = 0;
  for (const LoadThreadUsage& thread : result.load_threads) {
    const double span = std::chrono::duration<double>(thread.span).count();
    if (thread.span >= 1s) per_second = std::max(per_second, static_cast<double>(thread.involuntary_switches) / span);
  }
  if (per_second > most_switches_per_second) {
    notes.push_back(
        fmt::format("other programs pushed a load thread off its CPU {:.0f} times a second: the times "
                    "include its waiting to get back",
                    per_second));
  }
}

}  // namespace

std::vector<std::string> notes_on(const LoadResult& result) {
  Notes notes;
  note_errors(result.record, notes);
  note_backlogs(result, notes);
  note_lag(result.record, notes);
  note_machine(result, notes);
  return notes;
}

}  // namespace waitlab::client
