#include "client/experiment/plan.hpp"

#include "client/experiment/experiment_file.hpp"

namespace waitlab::client {
namespace {

/// SplitMix64's output function (Steele, Lea & Flood 2014): neighbouring inputs give unrelated outputs.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

std::vector<PlannedRun> plan_runs(const Experiment& experiment, unsigned repeat) {
  std::vector<PlannedRun> runs;
  for (std::size_t level = 0; level < experiment.load.levels.size(); ++level) {
    runs.push_back({.level = level, .seed = mix(mix(mix(experiment.load.seed) + level) + repeat)});
  }
  return runs;
}

}  // namespace

std::vector<PlannedSession> plan_sessions(const Experiment& experiment) {
  std::vector<PlannedSession> sessions;
  const std::size_t targets = experiment.targets.size();
  for (unsigned repeat = 0; repeat < experiment.repeats; ++repeat) {
    for (std::size_t turn = 0; turn < targets; ++turn) {
      sessions.push_back(
          {.target = (turn + repeat) % targets, .repeat = repeat, .runs = plan_runs(experiment, repeat)});
    }
  }
  return sessions;
}

std::size_t count_runs(const std::vector<PlannedSession>& sessions) {
  std::size_t runs = 0;
  for (const PlannedSession& session : sessions)
    runs += session.runs.size();
  return runs;
}

std::chrono::nanoseconds planned_time(const Experiment& experiment, std::size_t runs) {
  return static_cast<std::int64_t>(runs) * (experiment.load.warmup + experiment.load.duration);
}

}  // namespace waitlab::client
