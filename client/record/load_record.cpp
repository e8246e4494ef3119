#include "client/record/load_record.hpp"

#include <algorithm>
#include <numeric>

namespace waitlab::client {

void CensoredHistogram::record_at_least(std::chrono::nanoseconds value) noexcept {
  values.record(value);
  ++censored;
  least_censored = std::min(least_censored, value);
}

void CensoredHistogram::merge(const CensoredHistogram& other) noexcept {
  values.merge(other.values);
  censored += other.censored;
  least_censored = std::min(least_censored, other.least_censored);
}

void LoadRecord::complete(const RequestTimes& times, unsigned status) {
  ++requests.completed;
  ++statuses[status];
  if (status / 100 == 4) count_error(ErrorKind::status_4xx, "status " + std::to_string(status));
  if (status / 100 == 5) count_error(ErrorKind::status_5xx, "status " + std::to_string(status));
  response_time.record(times.ended - times.intended);
  service_time.record(times.ended - times.sent);
}

void LoadRecord::fail(ErrorKind kind, std::string_view message) {
  ++requests.failed;
  count_error(kind, message);
}

void LoadRecord::time_out(ErrorKind kind, const RequestTimes& times, std::chrono::nanoseconds timeout) {
  ++requests.timed_out;
  count_error(kind, "nothing more came within the time-out");
  response_time.record_at_least(timeout);
  service_time.record_at_least(times.intended + timeout - times.sent);
}

void LoadRecord::time_out_unsent(std::chrono::nanoseconds timeout) {
  ++requests.timed_out;
  count_error(ErrorKind::timeout, "no connection became free within the time-out");
  response_time.record_at_least(timeout);
}

void LoadRecord::leave_unfinished() noexcept {
  ++requests.unfinished;
}

void LoadRecord::merge(const LoadRecord& other) {
  requests.sent += other.requests.sent;
  requests.completed += other.requests.completed;
  requests.failed += other.requests.failed;
  requests.timed_out += other.requests.timed_out;
  requests.unfinished += other.requests.unfinished;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    errors[i].count += other.errors[i].count;
    if (errors[i].example.empty()) errors[i].example = other.errors[i].example;
  }
  for (const auto& [status, count] : other.statuses)
    statuses[status] += count;
  response_time.merge(other.response_time);
  service_time.merge(other.service_time);
  schedule_lag.merge(other.schedule_lag);
  completed_in_window += other.completed_in_window;
  waited_for_connection += other.waited_for_connection;
  connections += other.connections;
  reconnects += other.reconnects;
  retried += other.retried;
  bytes_in += other.bytes_in;
  bytes_out += other.bytes_out;
}

std::uint64_t LoadRecord::error_count() const noexcept {
  return std::accumulate(errors.begin(), errors.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const ErrorTally& tally) { return sum + tally.count; });
}

void LoadRecord::count_error(ErrorKind kind, std::string_view message) {
  ErrorTally& tally = errors[static_cast<std::size_t>(kind)];
  if (tally.count++ == 0) tally.example = message;
}

}  // namespace waitlab::client
