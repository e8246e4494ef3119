#include "client/report/comparison.hpp"

#include "client/stats/time_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace waitlab::client {
namespace {

/// Preferred numbers (ISO 3, R10): 1 in so many requests is slower.
constexpr std::array<double, 10> one_in{1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8};

}  // namespace

PercentileCurve percentile_curve(const CensoredHistogram& times) {
  PercentileCurve curve;
  for (double decade = 1;; decade *= 10) {
    for (const double step : one_in) {
      const double quantile = 1 - 1 / (decade * step);
      const TimeFigure figure = percentile(times, quantile);
      if (!figure.value || figure.at_least) return curve;
      curve.push_back({quantile, *figure.value});
    }
  }
}

namespace {

using Runs = std::vector<const ExperimentRun*>;

std::optional<double> shown(Metric metric, const std::optional<double>& value) {
  return value ? std::optional(in_shown_unit(metric, *value)) : std::nullopt;
}

/// `workers`: of the target.
std::optional<Spread> spread_over(const Runs& runs, const std::optional<unsigned>& workers, Metric metric) {
  std::map<unsigned, double> by_repeat;
  std::map<unsigned, Estimate> within;
  bool at_least = false;
  for (const ExperimentRun* run : runs) {
    const auto figure = read_figure(
        metric, {.load = run->load, .server = &run->server, .mean_hold = run->mean_hold, .workers = workers});
    if (!figure) continue;
    const double value = in_shown_unit(metric, figure->value);
    by_repeat[run->repeat] = value;
    if (metric->is_of_samples())
      within[run->repeat] = {.value = value, .low = shown(metric, figure->low), .high = shown(metric, figure->high)};
    at_least = at_least || figure->at_least;
  }
  if (by_repeat.empty()) return std::nullopt;
  Spread spread = spread_of(std::move(by_repeat));
  spread.at_least = at_least;
  spread.within = std::move(within);
  return spread;
}

/// What needs all the runs' requests and not only their figures.
void add_distribution(Cell& cell, const Runs& runs) {
  CensoredHistogram times;
  SplitTally split;
  for (const ExperimentRun* run : runs) {
    times.merge(run->load.record.good_response_time());
    split.merge(run->load.record.split);
  }
  cell.curve = percentile_curve(times);
  if (split.count() > 0) cell.split = split.all();
}

/// Whether each request makes one call of the backend, so that a hold in its log is that of a request.
bool makes_one_call(const ExperimentLoad& load, const ExperimentTarget& target) {
  const std::string& path = load.path_of(target);
  const std::string endpoint = path.substr(0, path.find('?'));
  return target.kind == TargetKind::server && (endpoint == "/wait" || endpoint == "/mix");
}

/// The mean over the runs by their requests, as that of the split is.
std::optional<double> backend_hold(const SplitMean& split, const Runs& runs) {
  double held_ns = 0;
  double requests = 0;
  for (const ExperimentRun* run : runs) {
    if (!run->mean_hold || run->load.record.error_count() > 0) return std::nullopt;
    const auto count = static_cast<double>(run->load.record.split.count());
    held_ns += static_cast<double>(run->mean_hold->count()) * count;
    requests += count;
  }
  return std::min(held_ns / requests, split.part_ns[static_cast<std::size_t>(Part::backend)]);
}

void add_passed(Cell& cell, const Runs& runs) {
  cell.passed = 0;
  for (const ExperimentRun* run : runs) {
    const auto& outcomes = run->load.thresholds;
    const auto missed = std::ranges::find(outcomes, false, &ThresholdOutcome::met);
    if (missed == outcomes.end())
      ++*cell.passed;
    else if (cell.first_miss.empty())
      cell.first_miss = missed->text + ": " + missed->found;
  }
}

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(text);
}

/// Two percentiles, each of any two targets at each level.
unsigned comparisons_of_times(const ExperimentResult& result) {
  const std::size_t targets = result.targets.size();
  return static_cast<unsigned>(std::max<std::size_t>(1, result.load.levels.size() * targets * (targets - 1)));
}

Cell make_cell(const ExperimentResult& result, std::size_t target, std::size_t level) {
  Cell cell{.target = target, .runs = 0, .valid = true, .troubles = {}, .figures = {}};
  Runs valid;
  Runs invalid;
  for (const ExperimentRun& run : result.runs) {
    if (run.target != target || run.level != level) continue;
    (run.load.valid() ? valid : invalid).push_back(&run);
    for (const std::string& reason : run.load.invalid_because)
      add_once(cell.troubles, reason);
  }
  for (const MissingRun& run : result.missing) {
    if (run.target == target && run.level == level) add_once(cell.troubles, run.reason);
  }
  cell.valid = invalid.empty() || !valid.empty();
  const Runs& runs = valid.empty() ? invalid : valid;
  cell.runs = static_cast<unsigned>(runs.size());
  if (!result.thresholds.empty() && !valid.empty()) add_passed(cell, valid);
  cell.workers = result.targets[target].threads;
  cell.comparisons = comparisons_of_times(result);
  each_metric([&](Metric metric) {
    if (is_of_experiments(metric)) cell[metric] = spread_over(runs, cell.workers, metric);
  });
  add_distribution(cell, runs);
  if (cell.split && makes_one_call(result.load, result.targets[target]))
    cell.backend_hold_ns = backend_hold(*cell.split, runs);
  return cell;
}

}  // namespace

Spread spread_of(std::map<unsigned, double> by_repeat) {
  std::vector<double> values;
  for (const auto& [repeat, value] : by_repeat)
    values.push_back(value);
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  Spread spread{
      .runs = static_cast<unsigned>(values.size()), .median = median, .min = values.front(), .max = values.back()};
  spread.by_repeat = std::move(by_repeat);
  return spread;
}

std::optional<double> capacity_of(const Cell& cell, const Level& level) {
  const auto& utilisation = cell[Metric::utilisation];
  if (!utilisation || utilisation->median <= 0) return std::nullopt;
  return level.value * 100 / utilisation->median;
}

std::optional<std::chrono::nanoseconds> mean_held(const Cell& cell, const Level& level) {
  const auto capacity = capacity_of(cell, level);
  if (!capacity || !cell.workers) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(*cell.workers / *capacity));
}

std::string trouble_text(const Cell& cell) {
  if (cell.troubles.size() < 2) return cell.troubles.empty() ? std::string() : cell.troubles.front();
  return fmt::format("{} (and {} more, in result.json)", cell.troubles.front(), cell.troubles.size() - 1);
}

Comparison compare(const ExperimentResult& result) {
  Comparison comparison;
  for (std::size_t level = 0; level < result.load.levels.size(); ++level) {
    LevelGroup group{.level = result.load.level(level), .cells = {}};
    for (std::size_t target = 0; target < result.targets.size(); ++target) {
      group.cells.push_back(make_cell(result, target, level));
    }
    comparison.push_back(std::move(group));
  }
  return comparison;
}

}  // namespace waitlab::client
