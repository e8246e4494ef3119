#include "client/commands/capacity_search.hpp"

#include "client/judge/validity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace waitlab::client {
namespace {

/// So that a rate can be read and typed again. Finer than any precision that is allowed.
double four_digits(double rate) {
  const double digits_after_point = 3 - std::floor(std::log10(rate));
  const double power = std::pow(10.0, std::abs(digits_after_point));  // whole, so that the result is the nearest double
  return digits_after_point > 0 ? std::round(rate * power) / power : std::round(rate / power) * power;
}

constexpr unsigned enough = 2;  // of the same verdict, at a rate or against what was found
constexpr unsigned probes_to_confirm = 3;
constexpr unsigned times_as_long_to_confirm = 4;

}  // namespace

CapacitySearch::CapacitySearch(const SearchRange& range) : range_(range), next_(range.from) {}

unsigned CapacitySearch::length() const noexcept {
  if (confirming_) return times_as_long_to_confirm;
  return close_ ? 1U << (passes_ + failures_) : 1;
}

std::optional<double> CapacitySearch::highest_passed() const {
  return passed_.empty() ? std::nullopt : std::optional(passed_.back());
}

void CapacitySearch::feed(const ProbeOutcome& outcome) {
  if (outcome.verdict == ProbeVerdict::spoilt) {
    if (++spoilt_ < most_spoilt) return;
    if (passed_.empty() || confirming_ || passes_ + failures_ > 0) return next_.reset();
    spoilt_ = 0;
    return settle(ProbeVerdict::client_failed);  // it may be the load itself that leaves the client no time
  }
  spoilt_ = 0;
  if (confirming_) return confirm(outcome);
  const bool passed = outcome.verdict == ProbeVerdict::passed;
  const bool clear = passed && !outcome.close && failures_ == 0;
  close_ = close_ || outcome.close;
  ++(passed ? passes_ : failures_);
  if (clear || passes_ == enough || failures_ == enough) settle(outcome.verdict);
}

void CapacitySearch::settle(ProbeVerdict verdict) {
  if (verdict == ProbeVerdict::passed)
    passed_.push_back(*next_);
  else
    failed_ = Failed{*next_, verdict};
  go_on();
}

void CapacitySearch::confirm(const ProbeOutcome& outcome) {
  ++confirmation_.of;
  if (outcome.verdict == ProbeVerdict::passed) ++confirmation_.passed;
  if (confirmation_.of - confirmation_.passed == enough) {
    failed_ = Failed{passed_.back(), outcome.verdict};
    passed_.pop_back();
    confirmation_ = {};
    go_on();
  } else if (confirmation_.of == probes_to_confirm) {
    next_.reset();
  }
}

/// To the next rate, or to confirm what was found.
void CapacitySearch::go_on() {
  passes_ = failures_ = 0;
  close_ = false;
  next_ = rate_after();
  confirming_ = !next_ && !passed_.empty();
  if (confirming_) next_ = passed_.back();
}

std::optional<double> CapacitySearch::rate_after() const {
  if (passed_.empty()) return std::nullopt;
  const double passed = passed_.back();
  if (!failed_) {
    if (passed >= range_.most) return std::nullopt;
    return std::min(passed * 2, range_.most);
  }
  if (failed_->rate <= passed * (1 + range_.precision)) return std::nullopt;
  return four_digits(std::sqrt(passed * failed_->rate));
}

namespace {

constexpr int unloaded_times_of_warmup = 3;
constexpr double busy_client = 0.9;  // of a CPU, by one load thread

std::string first_missed(const std::vector<Threshold>& thresholds, const LoadResult& result) {
  for (const Threshold& threshold : thresholds) {
    const ThresholdOutcome outcome = hold_against(threshold, result);
    if (!outcome.met) return fmt::format("{} is not met: {}", outcome.text, outcome.found);
  }
  return {};
}

std::string server_failure(const LoadResult& result, const std::vector<Threshold>& thresholds) {
  if (std::string missed = first_missed(thresholds, result); !missed.empty()) return missed;
  const SecondHalf& half = result.record.second_half;
  if (keeps_up(half)) return {};
  return fmt::format("it did not keep up: in the second half of the probe, {:.0f} responses were due and {} came",
                     half.due, half.completed);
}

/// The thresholds that hold for the server alone, whatever the client did: those about times, taken of service times.
std::vector<Threshold> about_service(std::vector<Threshold> thresholds) {
  std::erase_if(thresholds, [](const Threshold& threshold) {
    return threshold.metric == Threshold::Metric::rate || threshold.metric == Threshold::Metric::errors ||
           threshold.metric == Threshold::Metric::error_share;
  });
  for (Threshold& threshold : thresholds) {
    threshold.text = fmt::format("{} of the service time alone", threshold.text);
    threshold.service = true;
  }
  return thresholds;
}

/// Its own quota keeps a client from it as well as its own work does.
bool client_had_cpu_to_spare(const LoadResult& result) {
  if (result.cpu_loss.throttled.value_or(0) > most_cpu_loss) return false;
  return std::none_of(result.load_threads.begin(), result.load_threads.end(),
                      [](const LoadThreadUsage& thread) { return thread.cpu_share > busy_client; });
}

std::string nothing_completed(const LoadRecord& record) {
  for (const ErrorTally& error : record.errors) {
    if (error.count > 0) return fmt::format("no request completed: {}", error.example);
  }
  return "no request completed";
}

}  // namespace

ProbeOutcome judge_probe(const LoadResult& result, const std::vector<Threshold>& thresholds) {
  if (result.record.requests.sent > 0 && result.record.requests.completed == 0) {
    return {ProbeVerdict::server_failed, nothing_completed(result.record)};
  }
  if (result.valid()) {
    const std::string failure = server_failure(result, thresholds);
    return {failure.empty() ? ProbeVerdict::passed : ProbeVerdict::server_failed, failure,
            std::ranges::any_of(thresholds, [&](const Threshold& one) { return is_close(one, result); })};
  }
  const bool robbed = result.cpu_loss.stolen.value_or(0) > most_cpu_loss;
  if (result.record.waited_for_connection > 0 && client_had_cpu_to_spare(result) && !robbed) {
    if (std::string missed = first_missed(about_service(thresholds), result); !missed.empty()) {
      return {ProbeVerdict::server_failed, std::move(missed)};
    }
  }
  const bool at_its_limits = !robbed && (result.record.waited_for_connection > 0 || !client_had_cpu_to_spare(result));
  return {at_its_limits ? ProbeVerdict::client_failed : ProbeVerdict::spoilt, result.invalid_because.front()};
}

std::chrono::nanoseconds probe_time(std::chrono::nanoseconds asked, double rate,
                                    const std::vector<Threshold>& thresholds) {
  double seconds = std::chrono::duration<double>(asked).count();
  for (const Threshold& threshold : thresholds) {
    if (threshold.metric == Threshold::Metric::percentile)
      seconds = std::max(seconds, 2 / (1 - threshold.quantile) / rate);
  }
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

std::chrono::nanoseconds probe_warmup(std::chrono::nanoseconds asked,
                                      const std::optional<std::chrono::nanoseconds>& unloaded) {
  return std::max(asked, unloaded.value_or(std::chrono::nanoseconds(0)) * unloaded_times_of_warmup);
}

}  // namespace waitlab::client
