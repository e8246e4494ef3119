#include "client/report/experiment_of_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace waitlab::client {

Result<void> expect_same_loop(const std::string& one_name, Loop one, const std::string& other_name, Loop other) {
  if (one == other) return {};
  const std::string& open = one == Loop::open ? one_name : other_name;
  const std::string& closed = one == Loop::open ? other_name : one_name;
  return Failure{fmt::format(
      "{} is of an open loop and {} of a closed one, which have no axis in common; make a page of each", open, closed)};
}

namespace {

Level level_of(const LoadResult& run) {
  if (run.offered_rate) return {.loop = Loop::open, .value = *run.offered_rate};
  return {.loop = Loop::closed, .value = static_cast<double>(run.connections)};
}

/// Index of the target with this URL, which is added if it is new.
std::size_t target_of(const std::string& url, ExperimentResult& result) {
  auto& targets = result.targets;
  const auto found = std::ranges::find(targets, url, &ExperimentTarget::name);
  if (found == targets.end()) targets.push_back({.name = url, .kind = TargetKind::url, .family = url, .url = url});
  return static_cast<std::size_t>(std::ranges::find(targets, url, &ExperimentTarget::name) - targets.begin());
}

ExperimentLoad load_of(const std::vector<NamedResult>& runs) {
  const LoadResult& first = runs.front().result;
  std::set<double> levels;
  for (const NamedResult& run : runs)
    levels.insert(level_of(run.result).value);
  ExperimentLoad load;
  load.path.clear();
  load.loop = level_of(first).loop;
  load.arrivals = first.arrivals;
  load.levels.assign(levels.begin(), levels.end());
  load.duration = first.window;
  load.warmup = {};
  load.timeout = first.timeout;
  return load;
}

/// As many of the same target and level as there are already.
unsigned repeat_of(const ExperimentRun& run, const ExperimentResult& result) {
  return static_cast<unsigned>(std::ranges::count_if(
      result.runs, [&](const ExperimentRun& other) { return other.target == run.target && other.level == run.level; }));
}

void add(const LoadResult& load, ExperimentResult& result) {
  const auto level = std::ranges::find(result.load.levels, level_of(load).value) - result.load.levels.begin();
  ExperimentRun run;
  run.target = target_of(load.url, result);
  run.level = static_cast<std::size_t>(level);
  run.load = load;
  run.repeat = repeat_of(run, result);
  result.repeats = std::max(result.repeats, run.repeat + 1);
  result.interrupted = result.interrupted || load.interrupted;
  result.runs.push_back(std::move(run));
}

}  // namespace

Result<ExperimentResult> experiment_of(const std::vector<NamedResult>& runs) {
  const LoadResult& first = runs.front().result;
  for (const NamedResult& run : runs) {
    const auto same = expect_same_loop(runs.front().name, level_of(first).loop, run.name, level_of(run.result).loop);
    if (!same) return same.error();
  }
  ExperimentResult result;
  result.name = "run";
  result.title = first.url;
  result.version = WAITLAB_VERSION;
  result.started_at = first.started_at;
  result.machine = first.machine;
  result.content = first.command;
  result.load = load_of(runs);
  for (const NamedResult& run : runs)
    add(run.result, result);
  return result;
}

}  // namespace waitlab::client
