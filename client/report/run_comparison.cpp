#include "client/report/run_comparison.hpp"

#include "client/format/result_json.hpp"
#include "client/report/wording.hpp"
#include "client/stats/time_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>

namespace waitlab::client {
namespace {

/// The URL without its scheme, host and port.
std::string path_of(const LoadResult& result) {
  const auto scheme = result.url.find("://");
  const auto path = result.url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return path == std::string::npos ? "/" : result.url.substr(path);
}

std::string method_of(const LoadResult& result) {
  return result.method;
}

std::string targets_of(const LoadResult& result) {
  std::string text;
  for (const TargetName& target : result.targets)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", target.method, target.path);
  return text.empty() ? "none" : text;
}

std::string offered_of(const LoadResult& result) {
  return result.offered_rate ? fmt::format("{:g}/s", *result.offered_rate) : "closed loop";
}

std::string steps_of(const LoadResult& result) {
  std::string text;
  for (const StepResult& step : result.steps)
    text += fmt::format("{}{:g}/s", text.empty() ? "" : ", ", step.offered_rate());
  return text.empty() ? "none" : text;
}

std::string arrivals_of(const LoadResult& result) {
  return result.arrivals.empty() ? "closed loop" : result.arrivals;
}

/// In an open loop they are a cap that a valid run does not reach.
std::string connections_of(const LoadResult& result) {
  return result.offered_rate ? "as many as needed" : fmt::format("{}", result.connections);
}

std::string timeout_of(const LoadResult& result) {
  return short_time(result.timeout);
}

std::string machine_of(const LoadResult& result) {
  return fmt::format("{} CPUs of {}", result.machine.cpus_usable, result.machine.cpu_model);
}

std::vector<double> values_of(const std::vector<Estimate>& estimates) {
  std::vector<double> values;
  for (const Estimate& estimate : estimates)
    values.push_back(estimate.value);
  return values;
}

struct Trait {
  const char* name;
  std::string (*of)(const LoadResult& result);
};

constexpr std::array traits{Trait{"path", path_of},
                            Trait{"method", method_of},
                            Trait{"request mix", targets_of},
                            Trait{"offered rate", offered_of},
                            Trait{"steps", steps_of},
                            Trait{"arrivals", arrivals_of},
                            Trait{"number of connections", connections_of},
                            Trait{"time-out", timeout_of},
                            Trait{"machine", machine_of}};

/// What the runs have of it, each once.
std::vector<std::string> kinds_of(const Trait& trait, const std::vector<NamedResult>& runs) {
  std::vector<std::string> kinds;
  for (const NamedResult& run : runs) {
    const std::string kind = trait.of(run.result);
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  return kinds;
}

}  // namespace

std::vector<std::string> differences_in_load(const std::vector<NamedResult>& a, const std::vector<NamedResult>& b) {
  std::vector<std::string> lines;
  for (const Trait& trait : traits) {
    const auto of_a = kinds_of(trait, a);
    const auto of_b = kinds_of(trait, b);
    if (of_a.size() == 1 && of_a == of_b) continue;
    lines.push_back(fmt::format("different {}: {} in A, {} in B", trait.name, enumerate(of_a), enumerate(of_b)));
  }
  return lines;
}

namespace {

/// Runs of one seed had the same arrivals and holds, so that together they are one repeat of their side. A run whose
/// seed is not known is one by itself.
struct RepeatOfSide {
  std::optional<std::uint64_t> seed;
  std::vector<const NamedResult*> runs;
};

using RepeatsOfSide = std::vector<RepeatOfSide>;

RepeatsOfSide repeats_of(const std::vector<NamedResult>& runs) {
  RepeatsOfSide repeats;
  for (const NamedResult& run : runs) {
    const auto& seed = run.result.seed;
    const auto same =
        std::ranges::find_if(repeats, [&](const RepeatOfSide& other) { return seed && seed == other.seed; });
    if (same == repeats.end())
      repeats.push_back({.seed = seed, .runs = {&run}});
    else
      same->runs.push_back(&run);
  }
  std::ranges::stable_sort(repeats, {}, &RepeatOfSide::seed);
  return repeats;
}

std::set<std::uint64_t> seeds_of(const RepeatsOfSide& repeats) {
  std::set<std::uint64_t> seeds;
  for (const RepeatOfSide& repeat : repeats) {
    if (repeat.seed) seeds.insert(*repeat.seed);
  }
  return seeds;
}

/// Whether each repeat of one side has one of the other with the same arrivals and holds.
bool are_pairs(const RepeatsOfSide& a, const RepeatsOfSide& b) {
  const auto seeds = seeds_of(a);
  return seeds.size() > 1 && seeds.size() == a.size() && a.size() == b.size() && seeds == seeds_of(b);
}

/// Of runs that are copies of each other: all the ends there are, and no closer than those of one.
Estimate joined(const std::vector<FigureValue>& values) {
  const auto n = static_cast<double>(values.size());
  Estimate mean{.value = 1, .low = 1, .high = 1};
  const auto multiply = [n](std::optional<double>& product, const std::optional<double>& end) {
    product = product && end && *end > 0 ? std::optional(*product * std::pow(*end, 1 / n)) : std::nullopt;
  };
  for (const FigureValue& value : values) {
    mean.value *= std::pow(value.value, 1 / n);
    multiply(mean.low, value.low);
    multiply(mean.high, value.high);
  }
  return mean;
}

/// Nothing where a run has too few samples for it.
std::optional<SideFigure> side_figure(const RepeatsOfSide& repeats, Metric figure) {
  SideFigure side;
  for (const RepeatOfSide& repeat : repeats) {
    std::vector<FigureValue> values;
    for (const NamedResult* run : repeat.runs) {
      const auto value = read_figure(figure, {.load = run->result});
      if (!value) return std::nullopt;
      values.push_back(*value);
      side.all.push_back(value->value);
      side.resolution = std::max(side.resolution, value->resolution);
      side.at_least = side.at_least || value->at_least;
      side.has_zeros = side.has_zeros || value->value <= 0;
    }
    side.repeats.push_back(joined(values));
  }
  side.runs = static_cast<unsigned>(side.all.size());
  if (side.has_zeros)
    side.estimate = {.value = std::accumulate(side.all.begin(), side.all.end(), 0.0) / side.runs};
  else if (side.repeats.size() > 1)
    side.estimate = hull(geometric_mean(values_of(side.repeats)), mean_of_estimates(side.repeats));
  else
    side.estimate = side.repeats.front();
  return side;
}

const char* sides(bool a, bool b) {
  return a && b ? "both" : a ? "A" : "B";
}

/// Why no ratio can be told of the two; empty if one can.
std::string obstacle(const std::optional<SideFigure>& a, const std::optional<SideFigure>& b) {
  if (!a || !b) return fmt::format("too few samples in {}", sides(!a, !b));
  if (a->at_least || b->at_least) return fmt::format("hidden by time-outs in {}", sides(a->at_least, b->at_least));
  if (a->estimate.value == 0 && b->estimate.value == 0) return "none in both";
  if (a->has_zeros || b->has_zeros) return fmt::format("a run has none in {}", sides(a->has_zeros, b->has_zeros));
  return "";
}

/// B's to A's. RepeatsOfSide of both sides must leave out 1, and so must what the runs' own samples say, if they do.
Estimate ratio_of(const SideFigure& a, const SideFigure& b, bool paired) {
  if (a.repeats.size() < 2 || b.repeats.size() < 2) return mover_ratio(b.estimate, a.estimate);
  const auto of_a = values_of(a.repeats);
  const auto of_b = values_of(b.repeats);
  const Estimate over_repeats = paired ? paired_ratio(of_b, of_a) : welch_ratio(of_b, of_a);
  return hull(over_repeats, ratio_within_runs(b.repeats, a.repeats));
}

FigureComparison compare_figure(const RepeatsOfSide& a, const RepeatsOfSide& b, bool paired, Metric figure) {
  FigureComparison compared;
  compared.figure = figure;
  compared.a = side_figure(a, figure);
  compared.b = side_figure(b, figure);
  compared.why_not = obstacle(compared.a, compared.b);
  if (!compared.why_not.empty()) return compared;
  compared.ratio =
      no_finer_than(compared.a->resolution + compared.b->resolution, ratio_of(*compared.a, *compared.b, paired));
  return compared;
}

bool is_valid(const NamedResult& run) {
  return run.result.valid();
}

/// The valid runs; all, where none is valid.
std::vector<NamedResult> trusted(const std::vector<NamedResult>& runs, const char* side, RunComparison& comparison) {
  const bool some_valid = std::ranges::any_of(runs, is_valid);
  std::vector<NamedResult> kept;
  for (const NamedResult& run : runs) {
    if (is_valid(run) || !some_valid) kept.push_back(run);
    if (is_valid(run)) continue;
    comparison.all_valid = false;
    comparison.warnings.push_back(fmt::format("INVALID run {} in {}{}: {}", run.name, side,
                                              some_valid ? ", left out" : "", run.result.invalid_because.front()));
  }
  return kept;
}

/// Runs of a side that count as one.
void warn_of_copies(const RepeatsOfSide& repeats, const char* side, RunComparison& comparison) {
  for (const RepeatOfSide& repeat : repeats) {
    if (repeat.runs.size() < 2) continue;
    comparison.warnings.push_back(
        fmt::format("{} runs in {} have seed {} and count as one: the same seed brings the same arrivals and holds; "
                    "give each run its own --seed, as --repeat does",
                    repeat.runs.size(), side, *repeat.seed));
  }
}

void warn_of_unlike_seeds(const RepeatsOfSide& a, const RepeatsOfSide& b, RunComparison& comparison) {
  const auto of_a = seeds_of(a);
  const auto of_b = seeds_of(b);
  if (of_a.empty() || of_b.empty() || of_a == of_b) return;
  comparison.warnings.push_back(
      fmt::format("different seeds: {} in A, {} in B, so that each had arrivals and holds of its own",
                  fmt::join(of_a, ", "), fmt::join(of_b, ", ")));
}

/// Whether the times of errors are told apart from the others, as they are not in older results.
bool keeps_errors_apart(const LoadRecord& record) {
  return record.unwanted_response_time.has_value();
}

/// A server that answers much with errors has less to do for the others, and errors that come at once make it look fast
/// where their times can't be left out.
void warn_of_errors(const std::vector<NamedResult>& runs, const char* side, RunComparison& comparison) {
  for (const NamedResult& run : runs) {
    const std::uint64_t errors = run.result.record.unwanted_count();
    const std::uint64_t responses = run.result.record.requests.completed;
    if (100 * errors <= responses) continue;
    comparison.warnings.push_back(
        fmt::format("{:.0f} % of the responses of {} in {} were errors: its times {}",
                    100 * static_cast<double>(errors) / static_cast<double>(responses), run.name, side,
                    keeps_errors_apart(run.result.record) ? "are those of the others" : "include theirs"));
  }
}

/// Where the result of the run is among the others.
auto find_twin(const NamedResult& run, const std::vector<NamedResult>& others) {
  return std::ranges::find_if(others, [&](const auto& other) { return same_result(run.result, other.result); });
}

/// The runs, each once. A file that is given twice, or copied, says nothing of how runs differ.
std::vector<NamedResult> distinct(const std::vector<NamedResult>& runs, const char* side, RunComparison& comparison) {
  std::vector<NamedResult> kept;
  for (const NamedResult& run : runs) {
    const auto twin = find_twin(run, kept);
    if (twin == kept.end()) {
      kept.push_back(run);
    } else {
      comparison.warnings.push_back(
          fmt::format("{} in {} is the same result as {}, and counts once", run.name, side, twin->name));
    }
  }
  return kept;
}

void warn_of_shared(const std::vector<NamedResult>& a, const std::vector<NamedResult>& b, RunComparison& comparison) {
  for (const NamedResult& run : a) {
    if (find_twin(run, b) != b.end()) comparison.warnings.push_back(fmt::format("{} is in A and in B", run.name));
  }
}

}  // namespace

RunComparison compare_runs(const std::vector<NamedResult>& all_a, const std::vector<NamedResult>& all_b) {
  RunComparison comparison;
  const auto distinct_a = distinct(all_a, "A", comparison);
  const auto distinct_b = distinct(all_b, "B", comparison);
  warn_of_shared(distinct_a, distinct_b, comparison);
  const auto a = trusted(distinct_a, "A", comparison);
  const auto b = trusted(distinct_b, "B", comparison);
  warn_of_errors(a, "A", comparison);
  warn_of_errors(b, "B", comparison);
  const auto differences = differences_in_load(a, b);
  comparison.warnings.insert(comparison.warnings.end(), differences.begin(), differences.end());
  const RepeatsOfSide repeats_a = repeats_of(a);
  const RepeatsOfSide repeats_b = repeats_of(b);
  warn_of_copies(repeats_a, "A", comparison);
  warn_of_copies(repeats_b, "B", comparison);
  warn_of_unlike_seeds(repeats_a, repeats_b, comparison);
  comparison.repeated = repeats_a.size() > 1 && repeats_b.size() > 1;
  comparison.paired = are_pairs(repeats_a, repeats_b);
  each_metric([&](Metric metric) {
    if (!metric->word.empty())
      comparison.figures[metric] = compare_figure(repeats_a, repeats_b, comparison.paired, metric);
  });
  return comparison;
}

}  // namespace waitlab::client
