#include "client/report/run_comparison.hpp"

#include "client/format/result_json.hpp"
#include "client/report/load_difference.hpp"
#include "client/stats/time_summary.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace waitlab::client {
namespace {

/// A figure of one run.
struct RunValue {
  Estimate estimate;
  double resolution = 0;  ///< the true value may be this share of it away
  bool at_least = false;
};

/// How far two times may be apart that a histogram keeps as one.
double bucket_width(std::chrono::nanoseconds time) {
  HdrHistogram histogram;
  histogram.record(time);
  return static_cast<double>((histogram.max() - histogram.min()).count() + 1);
}

/// Of a count that one request more or less is a matter of chance.
double resolution_of_count(std::uint64_t count) {
  return count == 0 ? 0 : 1 / static_cast<double>(count);
}

std::optional<double> nanoseconds_of(const std::optional<std::chrono::nanoseconds>& time) {
  if (!time) return std::nullopt;
  return static_cast<double>(time->count());
}

std::optional<RunValue> run_value(const TimeFigure& time) {
  if (!time.value) return std::nullopt;
  const auto value = static_cast<double>(time.value->count());
  return RunValue{{.value = value, .low = nanoseconds_of(time.low), .high = nanoseconds_of(time.high)},
                  value > 0 ? bucket_width(*time.value) / value : 0,
                  time.at_least};
}

std::optional<RunValue> error_share(const LoadRecord& record) {
  const std::uint64_t ended = record.requests.ended();
  if (ended == 0) return std::nullopt;
  return RunValue{{.value = static_cast<double>(record.error_count()) / static_cast<double>(ended)},
                  resolution_of_count(record.error_count())};
}

std::optional<RunValue> run_value(const LoadResult& result, RunFigure figure) {
  const CensoredHistogram& times = result.record.response_time;
  switch (figure) {
    case RunFigure::mean:
      return run_value(summarize(times).mean);
    case RunFigure::rate:
      return RunValue{{.value = result.achieved_rate()}, resolution_of_count(result.record.completed_in_window)};
    case RunFigure::errors:
      return error_share(result.record);
    default:
      return run_value(percentile(times, shown_quantiles[static_cast<std::size_t>(figure)]));
  }
}

std::optional<SideFigure> side_figure(const std::vector<NamedResult>& runs, RunFigure figure) {
  SideFigure side;
  for (const NamedResult& run : runs) {
    const auto value = run_value(run.result, figure);
    if (!value) return std::nullopt;
    side.all.push_back(value->estimate.value);
    side.estimate = value->estimate;
    side.resolution = std::max(side.resolution, value->resolution);
    side.at_least = side.at_least || value->at_least;
    side.has_zeros = side.has_zeros || value->estimate.value <= 0;
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

FigureComparison compare_figure(const std::vector<NamedResult>& a, const std::vector<NamedResult>& b,
                                RunFigure figure) {
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

/// An error often comes at once, so that many of them make a server look fast.
void warn_of_errors(const std::vector<NamedResult>& runs, const char* side, RunComparison& comparison) {
  for (const NamedResult& run : runs) {
    const std::uint64_t errors = run.result.record.unwanted_count();
    const std::uint64_t responses = run.result.record.requests.completed;
    if (100 * errors <= responses) continue;
    comparison.warnings.push_back(
        fmt::format("{:.0f} % of the responses of {} in {} were errors: its times include theirs",
                    100 * static_cast<double>(errors) / static_cast<double>(responses), run.name, side));
  }
}

bool same_result(const NamedResult& one, const NamedResult& other) {
  return one.result.started_at == other.result.started_at && to_json(one.result) == to_json(other.result);
}

/// The runs, each once. A file that is given twice, or copied, says nothing of how runs differ.
std::vector<NamedResult> distinct(const std::vector<NamedResult>& runs, const char* side, RunComparison& comparison) {
  std::vector<NamedResult> kept;
  for (const NamedResult& run : runs) {
    const auto twin =
        std::find_if(kept.begin(), kept.end(), [&](const auto& other) { return same_result(run, other); });
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
    const auto twin = std::find_if(b.begin(), b.end(), [&run](const auto& other) { return same_result(run, other); });
    if (twin != b.end()) comparison.warnings.push_back(fmt::format("{} is in A and in B", run.name));
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
  for (std::size_t i = 0; i < comparison.figures.size(); ++i)
    comparison.figures[i] = compare_figure(a, b, static_cast<RunFigure>(i));
  return comparison;
}

}  // namespace waitlab::client
