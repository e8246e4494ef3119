#include "client/report/run_comparison.hpp"

#include "client/format/result_json.hpp"
#include "client/report/wording.hpp"
#include "client/stats/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

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

std::optional<SideFigure> side_figure(const std::vector<NamedResult>& runs, Metric figure) {
  SideFigure side;
  for (const NamedResult& run : runs) {
    const auto value = read_figure(figure, {.load = run.result});
    if (!value) return std::nullopt;
    side.all.push_back(value->value);
    side.estimate = {.value = value->value, .low = value->low, .high = value->high};
    side.resolution = std::max(side.resolution, value->resolution);
    side.at_least = side.at_least || value->at_least;
    side.has_zeros = side.has_zeros || value->value <= 0;
  }
  side.runs = static_cast<unsigned>(side.all.size());
  if (side.has_zeros)
    side.estimate = {.value = std::accumulate(side.all.begin(), side.all.end(), 0.0) / side.runs};
  else if (side.runs > 1)
    side.estimate = geometric_mean(side.all);
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

FigureComparison compare_figure(const std::vector<NamedResult>& a, const std::vector<NamedResult>& b, Metric figure) {
  FigureComparison compared;
  compared.figure = figure;
  compared.a = side_figure(a, figure);
  compared.b = side_figure(b, figure);
  compared.why_not = obstacle(compared.a, compared.b);
  if (!compared.why_not.empty()) return compared;
  const bool repeated = a.size() > 1 && b.size() > 1;
  const Estimate ratio = repeated ? welch_ratio(compared.a->all, compared.b->all)
                                  : mover_ratio(compared.a->estimate, compared.b->estimate);
  compared.ratio = no_finer_than(compared.a->resolution + compared.b->resolution, ratio);
  return compared;
}

void add_invalid(const std::vector<NamedResult>& runs, const char* side, RunComparison& comparison) {
  for (const NamedResult& run : runs) {
    if (run.result.valid()) continue;
    comparison.all_valid = false;
    comparison.warnings.push_back(
        fmt::format("INVALID run {} in {}: {}", run.name, side, run.result.invalid_because.front()));
  }
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
  const auto a = distinct(all_a, "A", comparison);
  const auto b = distinct(all_b, "B", comparison);
  warn_of_shared(a, b, comparison);
  comparison.repeated = a.size() > 1 && b.size() > 1;
  add_invalid(a, "A", comparison);
  add_invalid(b, "B", comparison);
  warn_of_errors(a, "A", comparison);
  warn_of_errors(b, "B", comparison);
  const auto differences = differences_in_load(a, b);
  comparison.warnings.insert(comparison.warnings.end(), differences.begin(), differences.end());
  each_metric([&](Metric metric) {
    if (!metric->word.empty()) comparison.figures[metric] = compare_figure(a, b, metric);
  });
  return comparison;
}

}  // namespace waitlab::client
