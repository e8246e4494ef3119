#include "client/experiment/plan.hpp"

#include "client/experiment/experiment_file.hpp"
#include "common/splitmix64.hpp"

#include <fmt/format.h>

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
    runs.push_back({.level = level,
                    .seed = splitmix64(splitmix64(splitmix64(experiment.load.seed) + level) + repeat),
                    .pictured = level == pictured});
  }
  return runs;
}

/// Fisher and Yates's shuffle, as Durstenfeld's Algorithm 235 (1964) does it; the remainder prefers no order by more
/// than one in 2^50. Not std::shuffle, whose order differs between libraries.
std::vector<std::size_t> turns(const Experiment& experiment, unsigned repeat) {
  std::vector<std::size_t> order(experiment.targets.size());
  std::iota(order.begin(), order.end(), 0);
  if (!experiment.order.shuffled) return order;
  const std::uint64_t seed = splitmix64(splitmix64(experiment.order.seed) + repeat);
  for (std::size_t left = order.size(); left > 1; --left)
    std::swap(order[left - 1], order[splitmix64(seed + left) % left]);
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

namespace {

/// The plan with those of its runs that are among these, or with the others.
std::vector<PlannedSession> part_of(std::vector<PlannedSession> sessions, const std::vector<ExperimentRun>& made,
                                    bool among) {
  for (PlannedSession& session : sessions) {
    std::erase_if(session.runs, [&](const PlannedRun& planned) {
      const bool is_among = std::ranges::any_of(made, [&](const ExperimentRun& run) {
        return run.target == session.target && run.repeat == session.repeat && run.level == planned.level;
      });
      return is_among != among;
    });
  }
  std::erase_if(sessions, [](const PlannedSession& session) { return session.runs.empty(); });
  return sessions;
}

}  // namespace

std::vector<PlannedSession> without(std::vector<PlannedSession> sessions, const std::vector<ExperimentRun>& made) {
  return part_of(std::move(sessions), made, false);
}

std::vector<PlannedSession> only(std::vector<PlannedSession> sessions, const std::vector<ExperimentRun>& made) {
  return part_of(std::move(sessions), made, true);
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

Pace::Pace(std::chrono::nanoseconds planned, std::size_t runs) : planned_(planned), runs_(runs) {}

void Pace::add(std::chrono::nanoseconds planned, std::size_t runs) {
  planned_ += planned;
  runs_ += runs;
}

void Pace::count_made() {
  const auto now = Clock::now();
  spent_ += now - mark_;
  mark_ = now;
  ++made_;
}

void Pace::skip(std::size_t runs) {
  mark_ = Clock::now();
  skipped_ += runs;
}

std::size_t Pace::current() const {
  return std::min(made_ + skipped_ + 1, runs_);
}

std::chrono::nanoseconds Pace::left() const {
  const std::chrono::nanoseconds of_run = made_ == 0
                                              ? planned_ / static_cast<std::int64_t>(std::max<std::size_t>(runs_, 1))
                                              : spent_ / static_cast<std::int64_t>(made_);
  const auto expected = of_run * static_cast<std::int64_t>(runs_ - made_ - skipped_);
  return std::max(expected - std::chrono::nanoseconds(Clock::now() - mark_), std::chrono::nanoseconds(0));
}

namespace {

std::string stem(const std::string& name, unsigned repeat, std::size_t first, unsigned attempt) {
  return fmt::format("{}-{}{}{}", name, repeat + 1, first > 0 ? fmt::format("-run-{}", first + 1) : "",
                     attempt > 0 ? fmt::format("-again-{}", attempt) : "");
}

}  // namespace

std::string LogNames::target(const std::string& name, unsigned repeat, std::size_t first, unsigned attempt) const {
  return (folder_ / (stem(name, repeat, first, attempt) + ".log")).string();
}

std::string LogNames::requests(const std::string& name, unsigned repeat, std::size_t first, unsigned attempt) const {
  return (folder_ / (stem(name, repeat, first, attempt) + "-requests.csv")).string();
}

std::string LogNames::in_results(const std::string& path) const {
  return path.empty() ? path : std::filesystem::path(path).lexically_relative(folder_.parent_path()).string();
}

Placement place(const std::vector<int>& cpus) {
  if (cpus.size() == 1) return {.server = cpus, .client_and_backend = cpus};
  const auto middle = cpus.end() - static_cast<std::ptrdiff_t>(cpus.size() / 2);
  return {.server = {middle, cpus.end()}, .client_and_backend = {cpus.begin(), middle}};
}

}  // namespace waitlab::client
