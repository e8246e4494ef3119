#include "client/report/result_merge.hpp"

#include "client/format/result_json.hpp"
#include "client/judge/threshold.hpp"
#include "client/record/utc_now.hpp"
#include "client/stats/time_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <tuple>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;
using Results = std::vector<LoadResult>;

/// How the command of a result begins that is not of a run.
constexpr std::string_view merge_command_text = "waitlab-client merge";

/// How two runs, or two groups of runs, stand to each other in time.
enum class Order { side_by_side, one_after_another };

double join_rates(Order order, double a, nanoseconds window_a, double b, nanoseconds window_b) {
  if (order == Order::side_by_side) return a + b;
  const auto weight_a = static_cast<double>(window_a.count());
  const auto weight_b = static_cast<double>(window_b.count());
  return weight_a + weight_b > 0 ? (a * weight_a + b * weight_b) / (weight_a + weight_b) : a;
}

nanoseconds join_lengths(Order order, nanoseconds a, nanoseconds b) {
  return order == Order::side_by_side ? std::max(a, b) : a + b;
}

unsigned join_workers(Order order, unsigned a, unsigned b) {
  return order == Order::side_by_side ? a + b : std::max(a, b);
}

/// Side by side they saw the same overflows.
std::optional<std::uint64_t> join_overflows(Order order, std::optional<std::uint64_t> a,
                                            std::optional<std::uint64_t> b) {
  if (!a || !b) return a ? a : b;
  return order == Order::side_by_side ? std::max(*a, *b) : *a + *b;
}

std::vector<CensoredHistogram*> times_of(LoadRecord& record) {
  std::vector<CensoredHistogram*> times{&record.response_time, &record.service_time};
  for (TargetTally& target : record.targets)
    times.push_back(&target.response_time);
  return times;
}

/// Whether each run tells what the other does not. Side by side they saw the same stalls of the server; with the same
/// seed, the same arrivals and holds.
bool are_independent(Order order, const LoadResult& one, const LoadResult& other) {
  return order == Order::one_after_another && !(one.seed && one.seed == other.seed);
}

/// Records that are not independent are together worth no more samples than one alone.
void join_records(bool independent, LoadRecord& whole, LoadRecord other) {
  std::vector<EffectiveSamples> before;
  for (const CensoredHistogram* times : times_of(whole))
    before.push_back(times->effective_samples);
  whole.merge(other);
  if (independent) return;
  const auto joined = times_of(whole);
  const auto others = times_of(other);
  for (std::size_t i = 0; i < std::min(before.size(), others.size()); ++i) {
    EffectiveSamples& samples = joined[i]->effective_samples;
    for (std::size_t quantile = 0; quantile < samples.size(); ++quantile) {
      const double more = std::max(before[i][quantile], others[i]->effective_samples[quantile]);
      samples[quantile] = std::min(samples[quantile], more);
    }
  }
}

void join_step(Order order, bool independent, StepResult& whole, const StepResult& other) {
  whole.from_rate = join_rates(order, whole.from_rate, whole.window, other.from_rate, other.window);
  whole.to_rate = join_rates(order, whole.to_rate, whole.window, other.to_rate, other.window);
  whole.begin = join_lengths(order, whole.begin, other.begin);
  whole.window = join_lengths(order, whole.window, other.window);
  join_records(independent, whole.record, other.record);
}

/// Appends those that are not there yet.
void add_new(std::vector<std::string>& reasons, const std::vector<std::string>& others) {
  for (const std::string& reason : others) {
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) reasons.push_back(reason);
  }
}

void join(Order order, LoadResult& whole, const LoadResult& other) {
  if (whole.offered_rate && other.offered_rate) {
    whole.offered_rate = join_rates(order, *whole.offered_rate, whole.window, *other.offered_rate, other.window);
  } else {
    whole.offered_rate.reset();
  }
  whole.window = join_lengths(order, whole.window, other.window);
  whole.threads = join_workers(order, whole.threads, other.threads);
  whole.connections = join_workers(order, whole.connections, other.connections);
  whole.listen_overflows = join_overflows(order, whole.listen_overflows, other.listen_overflows);
  whole.cpu_loss = {std::max(whole.cpu_loss.stolen, other.cpu_loss.stolen),
                    std::max(whole.cpu_loss.throttled, other.cpu_loss.throttled)};
  if (whole.detour.empty()) whole.detour = other.detour;
  const bool independent = are_independent(order, whole, other);
  join_records(independent, whole.record, other.record);
  for (std::size_t i = 0; i < whole.steps.size(); ++i)
    join_step(order, independent, whole.steps[i], other.steps[i]);
  if (whole.seed != other.seed) whole.seed.reset();
  whole.load_threads.insert(whole.load_threads.end(), other.load_threads.begin(), other.load_threads.end());
  whole.thresholds.insert(whole.thresholds.end(), other.thresholds.begin(), other.thresholds.end());
  if (whole.arrivals != other.arrivals) whole.arrivals.clear();
  whole.interrupted = whole.interrupted || other.interrupted;
  whole.aborted = whole.aborted || other.aborted;
  if (!whole.aborted_by) whole.aborted_by = other.aborted_by;
  add_new(whole.invalid_because, other.invalid_because);
}

LoadResult join_all(Order order, const Results& results) {
  LoadResult whole = results.front();
  std::for_each(results.begin() + 1, results.end(), [&](const LoadResult& other) { join(order, whole, other); });
  return whole;
}

/// Those of one seed first, as they are not independent.
LoadResult join_over_time(const Results& results) {
  Results seeds;
  for (const LoadResult& result : results) {
    const auto same = std::ranges::find_if(
        seeds, [&result](const LoadResult& other) { return result.seed && result.seed == other.seed; });
    if (same == seeds.end())
      seeds.push_back(result);
    else
      join(Order::one_after_another, *same, result);
  }
  return join_all(Order::one_after_another, seeds);
}

/// By what results are ordered: their start, and then what tells runs apart that began in the same millisecond, so that
/// the order is the same however they were given.
auto key_of(const LoadResult& result) {
  const LoadRecord& record = result.record;
  const RequestCounts& requests = record.requests;
  return std::tuple(std::string_view(result.started_at), std::string_view(result.url), std::string_view(result.address),
                    std::string_view(result.command), result.offered_rate, result.window, requests.sent,
                    requests.completed, requests.failed, requests.timed_out, record.bytes_in,
                    record.response_time.values.mean_ns(), record.service_time.values.mean_ns());
}

/// The measured window of a run, or what the windows of several have in common.
struct Window {
  std::chrono::sys_time<nanoseconds> begin;
  std::chrono::sys_time<nanoseconds> end;

  nanoseconds length() const { return std::max<nanoseconds>(end - begin, nanoseconds(0)); }
};

Window window_of(const LoadResult& result) {
  const UtcTime begin = parse_utc(result.started_at).value_or(UtcTime());
  return {begin, begin + result.window};
}

Window common(const Window& a, const Window& b) {
  return {std::max(a.begin, b.begin), std::min(a.end, b.end)};
}

/// Most of the shorter one lies in the other.
bool mostly_together(const Window& a, const Window& b) {
  return 2 * common(a, b).length() > std::min(a.length(), b.length());
}

/// Sorted results in groups of runs that went side by side, the groups one after another.
std::vector<Results> group(const Results& results) {
  std::vector<Results> groups;
  Window shared{};
  for (const LoadResult& result : results) {
    const Window window = window_of(result);
    const bool joins = !groups.empty() && mostly_together(shared, window);
    if (!joins) groups.emplace_back();
    shared = joins ? common(shared, window) : window;
    groups.back().push_back(result);
  }
  return groups;
}

void warn_of_overlaps(const std::vector<Results>& groups, std::vector<std::string>& warnings) {
  nanoseconds longest{0};
  for (std::size_t i = 1; i < groups.size(); ++i) {
    for (const LoadResult& before : groups[i - 1])
      longest = std::max(longest, common(window_of(before), window_of(groups[i].front())).length());
  }
  if (longest == nanoseconds(0)) return;
  warnings.push_back(fmt::format("runs that count as one after another overlap by up to {}: they disturbed one another",
                                 short_time(longest)));
}

std::string describe(const std::vector<Results>& groups, std::size_t runs, nanoseconds window) {
  const std::string length = short_time(window);
  if (runs == 1) return "one run, as it was";
  if (groups.size() == 1) {
    return fmt::format("{} runs side by side: their rates add up over one window of {}", runs, length);
  }
  if (groups.size() == runs) {
    return fmt::format("{} runs one after another: their windows add up to {}", runs, length);
  }
  return fmt::format(
      "{} runs in {} groups: inside a group side by side, so rates add up; groups one after another, "
      "so windows add up to {}",
      runs, groups.size(), length);
}

template <class Text>
void warn_of_difference(const Results& results, const char* what, Text text, std::vector<std::string>& warnings) {
  std::set<std::string> values;
  for (const LoadResult& result : results)
    values.insert(std::invoke(text, result));
  if (values.size() > 1)
    warnings.push_back(fmt::format("the runs differ in their {}: {}", what, fmt::join(values, ", ")));
}

bool same_steps(const LoadResult& a, const LoadResult& b) {
  const auto same = [](const StepResult& one, const StepResult& other) { return one.begin == other.begin; };
  return std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(), same);
}

bool same_targets(const LoadResult& a, const LoadResult& b) {
  const auto same = [](const TargetName& one, const TargetName& other) {
    return one.method == other.method && one.path == other.path;
  };
  return std::equal(a.targets.begin(), a.targets.end(), b.targets.begin(), b.targets.end(), same);
}

/// Takes out of all results what can't be joined.
void drop_unequal_parts(Results& results, std::vector<std::string>& warnings) {
  const auto all = [&results](auto same) {
    return std::all_of(results.begin(), results.end(), [&](const auto& other) { return same(results.front(), other); });
  };
  const bool keep_steps = all(same_steps);
  const bool keep_targets = all(same_targets);
  if (!keep_steps) warnings.emplace_back("the runs differ in their steps, which are left out");
  if (!keep_targets) warnings.emplace_back("the runs differ in their targets, which are left out");
  for (LoadResult& result : results) {
    result.arrival_fit.reset();
    result.timeline = {};
    if (!keep_steps) result.steps.clear();
    if (keep_targets) continue;
    result.targets.clear();
    result.record.targets.clear();
  }
}

std::vector<std::string> find_differences(const Results& results, const std::vector<Results>& groups) {
  std::vector<std::string> warnings;
  warn_of_difference(results, "URLs", &LoadResult::url, warnings);
  warn_of_difference(results, "methods", &LoadResult::method, warnings);
  const auto rate = [](const LoadResult& result) {
    return result.offered_rate ? fmt::format("{:g}/s", *result.offered_rate) : "closed loop";
  };
  warn_of_difference(results, "offered rates", rate, warnings);
  warn_of_difference(
      results, "time-outs", [](const auto& result) { return short_time(result.timeout); }, warnings);
  for (const Results& side_by_side : groups) {
    const auto window = [](const LoadResult& result) { return short_time(result.window); };
    warn_of_difference(side_by_side, "windows though side by side", window, warnings);
  }
  warn_of_overlaps(groups, warnings);
  const auto is_merge = [](const LoadResult& result) { return result.command.starts_with(merge_command_text); };
  if (std::any_of(results.begin(), results.end(), is_merge)) {
    warnings.emplace_back("a result is itself a merge: runs that are in it and given again are counted twice");
  }
  std::set<std::uint64_t> seeds;
  for (const LoadResult& result : results) {
    if (result.seed && !seeds.insert(*result.seed).second)
      add_new(warnings, {fmt::format("several runs have seed {}, which brings the same arrivals and holds: for "
                                     "intervals they count as one; give each run its own --seed",
                                     *result.seed)});
  }
  return warnings;
}

/// Each threshold once, held against the whole.
std::vector<ThresholdOutcome> judge_again(const LoadResult& whole) {
  std::set<std::string> seen;
  std::vector<ThresholdOutcome> outcomes;
  for (const ThresholdOutcome& outcome : whole.thresholds) {
    if (!seen.insert(outcome.text).second) continue;
    const auto threshold = parse_threshold(outcome.text);
    outcomes.push_back(threshold ? hold_against(*threshold, whole)
                                 : ThresholdOutcome{outcome.text, false, threshold.error().message});
  }
  return outcomes;
}

}  // namespace

LoadResult join_side_by_side(const std::vector<LoadResult>& results) {
  return join_all(Order::side_by_side, results);
}

MergedResult merge_results(std::vector<LoadResult> results) {
  MergedResult merged;
  std::ranges::sort(results, {}, key_of);
  const auto copies = std::unique(results.begin(), results.end(), same_result);
  const auto given_again = results.end() - copies;
  results.erase(copies, results.end());
  const std::size_t runs = results.size();
  if (runs > 1) {
    merged.warnings = find_differences(results, group(results));
    drop_unequal_parts(results, merged.warnings);
  }
  if (given_again > 0)
    merged.warnings.push_back(
        fmt::format("{} given more than once, and counts once", given_again == 1 ? "a result was" : "results were"));
  const std::vector<Results> groups = group(results);
  Results wholes;
  for (const Results& side_by_side : groups)
    wholes.push_back(join_all(Order::side_by_side, side_by_side));
  merged.result = join_over_time(wholes);
  if (runs > 1) merged.result.thresholds = judge_again(merged.result);
  merged.how = describe(groups, runs, merged.result.window);
  return merged;
}

}  // namespace waitlab::client
