#include "client/experiment/plan.hpp"

#include "client/experiment/experiment_file.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

namespace waitlab::client {
namespace {

// As measured for a server of ours in front of a backend that holds for 50 ms.
constexpr std::chrono::milliseconds time_to_start{100};
constexpr std::chrono::milliseconds time_to_stop{50};
constexpr std::chrono::milliseconds time_to_drain{350};

/// SplitMix64's output function (Steele, Lea & Flood 2014): neighbouring inputs give unrelated outputs.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// What a picture of 0.3 s can show without disturbing what it shows: about 400 requests.
constexpr double most_pictured_rate = 1'300;
constexpr double most_pictured_connections = 400;

/// The level of which a picture is taken, by its index.
std::optional<std::size_t> pictured_level(const ExperimentLoad& load) {
  const double most = load.loop == Loop::open ? most_pictured_rate : most_pictured_connections;
  std::optional<std::size_t> highest;
  for (std::size_t level = 0; level < load.levels.size(); ++level) {
    if (load.levels[level] > most || (highest && load.levels[level] < load.levels[*highest])) continue;
    highest = level;
  }
  return highest;
}

std::vector<PlannedRun> plan_runs(const Experiment& experiment, unsigned repeat) {
  const auto pictured = repeat + 1 == experiment.repeats ? pictured_level(experiment.load) : std::nullopt;
  std::vector<PlannedRun> runs;
  for (std::size_t level = 0; level < experiment.load.levels.size(); ++level) {
    runs.push_back(
        {.level = level, .seed = mix(mix(mix(experiment.load.seed) + level) + repeat), .pictured = level == pictured});
  }
  return runs;
}

/// Fisher and Yates's shuffle, as Durstenfeld's Algorithm 235 (1964) does it; the remainder prefers no order by more
/// than one in 2^50. Not std::shuffle, whose order differs between libraries.
std::vector<std::size_t> turns(const Experiment& experiment, unsigned repeat) {
  std::vector<std::size_t> order(experiment.targets.size());
  std::iota(order.begin(), order.end(), 0);
  if (!experiment.order.shuffled) return order;
  const std::uint64_t seed = mix(mix(experiment.order.seed) + repeat);
  for (std::size_t left = order.size(); left > 1; --left)
    std::swap(order[left - 1], order[mix(seed + left) % left]);
  return order;
}

}  // namespace

std::vector<PlannedSession> plan_sessions(const Experiment& experiment) {
  std::vector<PlannedSession> sessions;
  for (unsigned repeat = 0; repeat < experiment.repeats; ++repeat) {
    for (const std::size_t target : turns(experiment, repeat))
      sessions.push_back({.target = target, .repeat = repeat, .runs = plan_runs(experiment, repeat)});
  }
  return sessions;
}

std::vector<PlannedSession> without(std::vector<PlannedSession> sessions, const std::vector<ExperimentRun>& made) {
  for (PlannedSession& session : sessions) {
    std::erase_if(session.runs, [&](const PlannedRun& planned) {
      return std::ranges::any_of(made, [&](const ExperimentRun& run) {
        return run.target == session.target && run.repeat == session.repeat && run.level == planned.level;
      });
    });
  }
  std::erase_if(sessions, [](const PlannedSession& session) { return session.runs.empty(); });
  return sessions;
}

std::size_t count_runs(const std::vector<PlannedSession>& sessions) {
  std::size_t runs = 0;
  for (const PlannedSession& session : sessions)
    runs += session.runs.size();
  return runs;
}

std::chrono::nanoseconds planned_time(const Experiment& experiment, const std::vector<PlannedSession>& sessions) {
  const auto of_run = experiment.load.warmup + experiment.load.duration + time_to_drain;
  const auto of_session = time_to_start + time_to_stop;
  return static_cast<std::int64_t>(count_runs(sessions)) * of_run +
         static_cast<std::int64_t>(sessions.size()) * of_session;
}

}  // namespace waitlab::client
