#include "client/record/result_text.hpp"

#include "client/record/notes.hpp"
#include "client/record/time_summary.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace waitlab::client {
namespace {

using Text = std::back_insert_iterator<std::string>;

constexpr std::size_t text_width = 80;
constexpr std::size_t label_width = 12;

/// Breaks a sentence between words where a line gets too long; the lines after the first are indented like labels'
/// text.
std::string wrapped(std::string_view sentence) {
  std::string text;
  while (label_width + sentence.size() > text_width) {
    const auto space = sentence.rfind(' ', text_width - label_width);
    if (space == std::string_view::npos) break;
    text.append(sentence.substr(0, space)).append("\n").append(label_width, ' ');
    sentence.remove_prefix(space + 1);
  }
  return text.append(sentence);
}

void add_row(Text text, const char* name, const TimeFigure& response, const TimeFigure& service) {
  fmt::format_to(text, "  {:<10}{:>15}{:>15}\n", name, short_time(response), short_time(service));
}

void add_heading(Text text, const LoadResult& result) {
  fmt::format_to(text, "{} {} at {}\n", result.method, result.url, result.address);
  if (result.offered_rate) {
    fmt::format_to(text, "open loop: {:g} requests/s offered, up to {} connections, {} thread{}\n",
                   *result.offered_rate, result.connections, result.threads, result.threads == 1 ? "" : "s");
  } else {
    fmt::format_to(text, "closed loop: {} connection{}, {} thread{}\n", result.connections,
                   result.connections == 1 ? "" : "s", result.threads, result.threads == 1 ? "" : "s");
  }
}

void add_counts(Text text, const LoadResult& result) {
  const LoadRecord& record = result.record;
  const RequestCounts& requests = record.requests;
  fmt::format_to(text, "\nRequests    {} sent = {} completed + {} failed + {} timed out + {} unfinished\n",
                 requests.sent, requests.completed, requests.failed, requests.timed_out, requests.unfinished);
  fmt::format_to(text, "Rate        {:.1f}/s achieved over {}\n", result.achieved_rate(), short_time(result.window));
  fmt::format_to(text, "Connections {} opened, {} of them to replace closed ones\n", record.connections,
                 record.reconnects);
  if (record.retried > 0) {
    fmt::format_to(text, "            {} requests sent again, for the server had closed their connection\n",
                   record.retried);
  }
  if (record.waited_for_connection > 0) {
    fmt::format_to(text, "            cap of {} reached: {} requests waited inside the client\n", result.connections,
                   record.waited_for_connection);
  }
  fmt::format_to(text, "Bytes       {} in, {} out\n", record.bytes_in, record.bytes_out);
}

void add_times(Text text, const LoadRecord& record) {
  const TimeSummary response = summarize(record.response_time);
  const TimeSummary service = summarize(record.service_time);
  fmt::format_to(text, "\n  {:<10}{:>15}{:>15}\n", "", "response time", "service time");
  add_row(text, "min", response.min, service.min);
  add_row(text, "mean", response.mean, service.mean);
  add_row(text, "p50", response.p50, service.p50);
  add_row(text, "p90", response.p90, service.p90);
  add_row(text, "p99", response.p99, service.p99);
  add_row(text, "p99.9", response.p999, service.p999);
  add_row(text, "max", response.max, service.max);
  if (record.schedule_lag.count() == 0) return;
  fmt::format_to(text, "\nClient lag  p50 {}, p99 {}, max {}\n", short_time(percentile(record.schedule_lag, 0.50)),
                 short_time(percentile(record.schedule_lag, 0.99)), short_time(record.schedule_lag.max()));
}

void add_outcomes(Text text, const LoadRecord& record) {
  fmt::format_to(text, "\nStatuses   ");
  for (const auto& [status, count] : record.statuses)
    fmt::format_to(text, " {}: {}", status, count);
  fmt::format_to(text, "{}\n", record.statuses.empty() ? " none" : "");
  fmt::format_to(text, "Errors      {}\n", record.error_count() == 0 ? "none" : std::to_string(record.error_count()));
  for (std::size_t i = 0; i < record.errors.size(); ++i) {
    const ErrorTally& tally = record.errors[i];
    if (tally.count > 0) fmt::format_to(text, "  {:<16}{:>8}  {}\n", error_names[i], tally.count, tally.example);
  }
}

void add_verdict(Text text, const LoadResult& result) {
  for (const std::string& note : notes_on(result))
    fmt::format_to(text, "\nNote        {}\n", wrapped(note));
  if (result.valid()) {
    fmt::format_to(text, "\nValid       yes\n");
    return;
  }
  for (const std::string& reason : result.invalid_because)
    fmt::format_to(text, "\nINVALID     {}", wrapped(reason));
  fmt::format_to(text, "\n");
}

}  // namespace

std::string to_text(const LoadResult& result) {
  std::string text;
  const auto out = std::back_inserter(text);
  add_heading(out, result);
  add_counts(out, result);
  add_times(out, result.record);
  add_outcomes(out, result.record);
  add_verdict(out, result);
  return text;
}

}  // namespace waitlab::client
