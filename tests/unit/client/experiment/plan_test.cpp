#include "client/experiment/plan.hpp"

#include "client/experiment/experiment_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <utility>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

Experiment experiment_of(std::size_t targets, std::vector<double> rates, unsigned repeats) {
  Experiment experiment;
  experiment.targets.resize(targets);
  experiment.load.levels = std::move(rates);
  experiment.repeats = repeats;
  return experiment;
}

std::vector<std::size_t> order_of(const Experiment& experiment) {
  std::vector<std::size_t> order;
  for (const PlannedSession& session : plan_sessions(experiment))
    order.push_back(session.target);
  return order;
}

TEST(Plan, KeepsTheOrderOfTheFileIfItIsNotShuffled) {
  Experiment experiment = experiment_of(3, {100}, 2);
  experiment.order.shuffled = false;
  EXPECT_THAT(order_of(experiment), ElementsAre(0, 1, 2, 0, 1, 2));
}

TEST(Plan, GivesEveryTargetATurnInEveryRepeat) {
  const auto order = order_of(experiment_of(7, {100}, 20));
  for (std::size_t repeat = 0; repeat < 20; ++repeat) {
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(7 * repeat);
    EXPECT_THAT(std::vector(begin, begin + 7), testing::UnorderedElementsAre(0, 1, 2, 3, 4, 5, 6));
  }
}

TEST(Plan, ShufflesByTheSeedAlone) {
  Experiment experiment = experiment_of(5, {100}, 4);
  const auto first = order_of(experiment);
  EXPECT_EQ(order_of(experiment), first);
  EXPECT_THAT(first, ElementsAre(4, 1, 0, 3, 2, 4, 1, 2, 0, 3, 4, 0, 2, 1, 3, 4, 3, 0, 2, 1)) << "on any machine";
  experiment.order.seed = 2;
  EXPECT_NE(order_of(experiment), first);
}

TEST(Plan, GivesEveryTargetEveryTurnAboutAsOften) {
  std::map<std::pair<std::size_t, std::size_t>, int> turns;
  const auto order = order_of(experiment_of(4, {100}, 100));
  for (std::size_t index = 0; index < order.size(); ++index)
    ++turns[{index % 4, order[index]}];
  EXPECT_EQ(turns.size(), 16U);
  for (const auto& [place, times] : turns)
    EXPECT_NEAR(times, 25, 15);
}

TEST(Plan, LeavesOutWhatIsMade) {
  const Experiment experiment = experiment_of(2, {100, 200}, 2);
  const auto made = [](std::size_t target, std::size_t level, unsigned repeat) {
    return ExperimentRun{.target = target, .level = level, .repeat = repeat, .seed = 0, .load = {}, .server = {}};
  };
  const auto left = without(plan_sessions(experiment), {made(0, 0, 0), made(0, 1, 0), made(1, 1, 1)});
  EXPECT_EQ(count_runs(left), 5U);
  EXPECT_EQ(left.size(), 3U) << "a session without a run is none";
  for (const PlannedSession& session : left) {
    if (session.target == 1 && session.repeat == 1) {
      ASSERT_EQ(session.runs.size(), 1U);
      EXPECT_EQ(session.runs[0].level, 0U);
    }
  }
}

TEST(Plan, EverySessionMeetsTheRatesInTheFilesOrder) {
  for (const PlannedSession& session : plan_sessions(experiment_of(2, {300, 100, 200}, 2))) {
    ASSERT_EQ(session.runs.size(), 3U);
    for (std::size_t index = 0; index < session.runs.size(); ++index)
      EXPECT_EQ(session.runs[index].level, index);
  }
}

/// The levels and repeats, all of the same target, of which a picture is taken.
std::vector<std::pair<double, unsigned>> pictured(Loop loop, std::vector<double> levels) {
  Experiment experiment = experiment_of(1, std::move(levels), 3);
  experiment.load.loop = loop;
  std::vector<std::pair<double, unsigned>> pictures;
  for (const PlannedSession& session : plan_sessions(experiment)) {
    for (const PlannedRun& run : session.runs) {
      if (run.pictured) pictures.emplace_back(experiment.load.levels[run.level], session.repeat);
    }
  }
  return pictures;
}

TEST(Plan, TakesAPictureOfEachTargetsLastRepeatAtTheHighestLevelThatOneCanShow) {
  EXPECT_THAT(pictured(Loop::open, {160, 400, 256}), ElementsAre(std::pair(400.0, 2U)));
  EXPECT_THAT(pictured(Loop::open, {160, 5000}), ElementsAre(std::pair(160.0, 2U)));
  EXPECT_THAT(pictured(Loop::closed, {100, 1000}), ElementsAre(std::pair(100.0, 2U)));
  EXPECT_THAT(pictured(Loop::closed, {1000, 10'000}), ElementsAre());
}

TEST(Plan, TargetsShareTheSeedOfARateAndRepeatAndNothingElseDoes) {
  std::map<std::pair<std::size_t, unsigned>, std::set<std::uint64_t>> seeds;
  for (const PlannedSession& session : plan_sessions(experiment_of(3, {100, 200}, 4))) {
    for (const PlannedRun& run : session.runs)
      seeds[{run.level, session.repeat}].insert(run.seed);
  }
  std::set<std::uint64_t> all;
  for (const auto& [place, of_place] : seeds) {
    EXPECT_EQ(of_place.size(), 1U);
    all.insert(of_place.begin(), of_place.end());
  }
  EXPECT_EQ(all.size(), 8U);
}

TEST(Plan, AnotherSeedInTheFileIsAnotherSeedInEveryRun) {
  Experiment experiment = experiment_of(1, {100}, 1);
  const auto first = plan_sessions(experiment)[0].runs[0].seed;
  experiment.load.seed = 2;
  EXPECT_NE(plan_sessions(experiment)[0].runs[0].seed, first);
}

TEST(Plan, KnowsHowLongItLasts) {
  Experiment experiment = experiment_of(3, {100, 200}, 2);
  experiment.load.duration = 2s;
  experiment.load.warmup = 500ms;
  const auto sessions = plan_sessions(experiment);
  EXPECT_EQ(count_runs(sessions), 12U);
  EXPECT_GT(planned_time(experiment, sessions), 30s) << "the runs alone";
  EXPECT_LT(planned_time(experiment, sessions), 40s);
}

TEST(Placement, GivesTheServerTheLastHalfOfTheCpus) {
  const Placement two = place({0, 1});
  EXPECT_THAT(two.server, ElementsAre(1));
  EXPECT_THAT(two.client_and_backend, ElementsAre(0));
  EXPECT_FALSE(two.shared());
  const Placement five = place({2, 3, 5, 8, 9});
  EXPECT_THAT(five.server, ElementsAre(8, 9));
  EXPECT_THAT(five.client_and_backend, ElementsAre(2, 3, 5));
}

TEST(Placement, SharesASingleCpu) {
  const Placement one = place({4});
  EXPECT_THAT(one.server, ElementsAre(4));
  EXPECT_TRUE(one.shared());
}

TEST(LogNames, TellTargetsRepeatsAndFreshStartsApart) {
  const LogNames names("results/mine/logs");
  EXPECT_EQ(names.target("pool", 0, 0), "results/mine/logs/pool-1.log");
  EXPECT_EQ(names.target("pool", 1, 2), "results/mine/logs/pool-2-run-3.log");
  EXPECT_EQ(names.target("pool", 1, 2, 1), "results/mine/logs/pool-2-run-3-again-1.log");
  EXPECT_EQ(names.requests("pool", 1, 0), "results/mine/logs/pool-2-requests.csv");
}

TEST(LogNames, AreToldFromTheFolderOfTheResults) {
  const LogNames names("results/mine/logs-2");
  EXPECT_EQ(names.in_results(names.holds()), "logs-2/holds.csv");
  EXPECT_EQ(names.in_results(""), "");
}

}  // namespace
}  // namespace waitlab::client
