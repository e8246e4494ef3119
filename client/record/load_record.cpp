#include "client/record/load_record.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace waitlab::client {

namespace {

constexpr double share_kept = 0.97;
constexpr double chance = 3;  // standard deviations of a Poisson count

}  // namespace

bool keeps_up(const SecondHalf& half) noexcept {
  return static_cast<double>(half.completed) >= share_kept * half.due - chance * std::sqrt(half.due);
}

void CensoredHistogram::record_at_least(std::chrono::nanoseconds value) noexcept {
  values.record(value);
  ++censored;
  least_censored = std::min(least_censored, value);
}

void CensoredHistogram::clear() noexcept {
  values.clear();
  censored = 0;
  least_censored = std::chrono::nanoseconds::max();
  unfinished = 0;
  effective_samples = {};
}

void CensoredHistogram::merge(const CensoredHistogram& other) noexcept {
  for (std::size_t i = 0; i < effective_samples.size(); ++i) {
    const bool known = (effective_samples[i] > 0 || values.count() == 0) &&
                       (other.effective_samples[i] > 0 || other.values.count() == 0);
    effective_samples[i] = known ? effective_samples[i] + other.effective_samples[i] : 0;
  }
  values.merge(other.values);
  censored += other.censored;
  least_censored = std::min(least_censored, other.least_censored);
  unfinished += other.unfinished;
}

void TargetTally::merge(const TargetTally& other) noexcept {
  completed += other.completed;
  errors += other.errors;
  response_time.merge(other.response_time);
}

void LoadRecord::complete(const RequestTimes& times, const ResponseSeen& response) {
  ++requests.completed;
  ++statuses[response.status];
  if (response.nagle_stall) ++nagle_stalls;
  const auto response_took = times.ended - times.intended;
  const auto service_took = times.ended - times.sent;
  response_time.record(response_took);
  service_time.record(service_took);
  if (response.unwanted) {
    unwanted_times().record(response_took);
    return count_unwanted(*response.unwanted, response.status);
  }
  split.record(response_took, split_time(times.sent - times.intended, times.connect, service_took, response.timing),
               response.timing.has_value());
}

void LoadRecord::fail(ErrorKind kind, std::string_view message) {
  ++requests.failed;
  count_error(kind, message);
}

void LoadRecord::time_out(ErrorKind kind, const RequestTimes& times, std::chrono::nanoseconds timeout) {
  ++requests.timed_out;
  count_error(kind, kind == ErrorKind::connect_timeout ? "the connection was not up within the time-out"
                                                       : "nothing more came within the time-out");
  response_time.record_at_least(timeout);
  service_time.record_at_least(times.intended + timeout - times.sent);
}

void LoadRecord::time_out_unsent(std::chrono::nanoseconds timeout, std::string_view why) {
  ++requests.timed_out;
  count_error(ErrorKind::timeout, why);
  response_time.record_at_least(timeout);
}

void LoadRecord::leave_unfinished(std::chrono::nanoseconds age) noexcept {
  ++requests.unfinished;
  longest_unfinished = std::max(longest_unfinished, age);
  ++response_time.unfinished;
  ++service_time.unfinished;
}

void LoadRecord::share_effective_samples() noexcept {
  for (TargetTally& target : targets)
    target.response_time.effective_samples = effective_samples_of(target.response_time.values);
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
  split.merge(other.split);
  if (other.unwanted_response_time) unwanted_times().merge(*other.unwanted_response_time);
  merge_targets(other.targets);
  completed_in_window += other.completed_in_window;
  unwanted_in_window += other.unwanted_in_window;
  second_half.due += other.second_half.due;
  second_half.completed += other.second_half.completed;
  nagle_stalls += other.nagle_stalls;
  waited_for_connection += other.waited_for_connection;
  longest_unfinished = std::max(longest_unfinished, other.longest_unfinished);
  connections += other.connections;
  reconnects += other.reconnects;
  elsewhere += other.elsewhere;
  unasked += other.unasked;
  retried += other.retried;
  bytes_in += other.bytes_in;
  bytes_out += other.bytes_out;
}

void LoadRecord::merge_targets(const std::vector<TargetTally>& other) {
  targets.resize(std::max(targets.size(), other.size()));
  for (std::size_t i = 0; i < other.size(); ++i)
    targets[i].merge(other[i]);
}

std::uint64_t LoadRecord::error_count() const noexcept {
  return std::accumulate(errors.begin(), errors.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const ErrorTally& tally) { return sum + tally.count; });
}

std::uint64_t LoadRecord::unwanted_count() const noexcept {
  return error(ErrorKind::status_4xx).count + error(ErrorKind::status_5xx).count +
         error(ErrorKind::unexpected_status).count + error(ErrorKind::unexpected_body).count;
}

CensoredHistogram LoadRecord::good_response_time() const {
  CensoredHistogram good = response_time;
  if (!unwanted_response_time) return good;
  good.values.subtract(*unwanted_response_time);
  good.effective_samples = effective_samples_of(good.values);
  return good;
}

/// As many to a request as all the response times have.
EffectiveSamples LoadRecord::effective_samples_of(const HdrHistogram& part) const noexcept {
  const auto share =
      static_cast<double>(part.count()) / static_cast<double>(std::max<std::uint64_t>(response_time.values.count(), 1));
  EffectiveSamples samples = response_time.effective_samples;
  for (double& worth : samples)
    worth *= share;
  return samples;
}

HdrHistogram& LoadRecord::unwanted_times() {
  return unwanted_response_time ? *unwanted_response_time : unwanted_response_time.emplace();
}

void LoadRecord::count_unwanted(ErrorKind kind, unsigned status) {
  if (error(kind).count > 0) return count_error(kind, {});  // only the first message is kept, so no other is made
  count_error(kind, kind == ErrorKind::unexpected_body ? "the body is without the expected text"
                                                       : "status " + std::to_string(status));
}

void LoadRecord::count_error(ErrorKind kind, std::string_view message) {
  ErrorTally& tally = errors[static_cast<std::size_t>(kind)];
  if (tally.count++ == 0) tally.example = message;
}

}  // namespace waitlab::client
