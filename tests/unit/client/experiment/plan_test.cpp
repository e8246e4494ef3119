#include "client/experiment/plan.hpp"

#include "client/experiment/experiment_file.hpp"
#include "client/experiment/placement.hpp"

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

TEST(Plan, EveryRepeatBeginsWithTheNextTarget) {
  std::vector<std::size_t> order;
  for (const PlannedSession& session : plan_sessions(experiment_of(3, {100}, 3)))
    order.push_back(session.target);
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 1, 2, 0, 2, 0, 1));
}

TEST(Plan, EverySessionMeetsTheRatesInTheFilesOrder) {
  for (const PlannedSession& session : plan_sessions(experiment_of(2, {300, 100, 200}, 2))) {
    ASSERT_EQ(session.runs.size(), 3U);
    for (std::size_t index = 0; index < session.runs.size(); ++index)
      EXPECT_EQ(session.runs[index].level, index);
  }
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
  EXPECT_EQ(count_runs(plan_sessions(experiment)), 12U);
  EXPECT_EQ(planned_time(experiment, 12), 30s);
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

}  // namespace
}  // namespace waitlab::client
