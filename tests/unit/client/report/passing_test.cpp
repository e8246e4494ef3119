#include "client/report/passing.hpp"

#include "client/report/verdict.hpp"
#include "tests/unit/client/report/figures_of.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// Pools of these numbers of threads, each with how many of its three runs passed, and an event loop that always does.
struct Pools {
  explicit Pools(const std::vector<std::pair<unsigned, unsigned>>& passed_by_threads) {
    std::vector<std::string> names;
    for (const auto& [threads, passed] : passed_by_threads)
      names.push_back(fmt::format("pool-{}", threads));
    names.emplace_back("event-loop");
    result = result_of(names, {400});
    result.thresholds = {"p99<200ms", "errors<1%"};
    for (std::size_t i = 0; i < passed_by_threads.size(); ++i) {
      result.targets[i].family = "pool";
      result.targets[i].sweep = {fmt::format("strategies.fixed-pool.threads={}", passed_by_threads[i].first)};
      add(i, passed_by_threads[i].second);
    }
    add(passed_by_threads.size(), 3);
  }

  void add(std::size_t target, unsigned passed) {
    Cell cell = cell_of(target, keeps_up(400));
    cell.passed = passed;
    group.cells.push_back(cell);
  }

  std::string told() const { return tell_passing(result, group); }

  ExperimentResult result;
  LevelGroup group{.level = {.value = 400}, .cells = {}};
};

TEST(Passing, NamesTheSmallestOfASweepAndTheOneBelowIt) {
  EXPECT_EQ(Pools({{24, 3}, {19, 0}, {20, 1}, {22, 3}}).told(),
            "Held against p99<200ms and errors<1%: the smallest value of threads that passes is 22 (3 of 3 runs; 20: "
            "1 of 3 runs); event-loop (3 of 3 runs) passes");
  EXPECT_THAT(Pools({{19, 3}, {20, 3}}).told(), HasSubstr("that passes is 19 (3 of 3 runs); "));
}

TEST(Passing, SaysThatALargerOneDoesNot) {
  EXPECT_THAT(Pools({{19, 0}, {20, 3}, {22, 3}, {512, 2}}).told(),
              HasSubstr("is 20 (3 of 3 runs; 19: 0 of 3 runs), but not every larger one does: 512 (2 of 3 runs);"));
}

TEST(Passing, SaysThatNonePasses) {
  EXPECT_THAT(Pools({{1, 0}, {2, 2}}).told(),
              HasSubstr("none of the 2 values of threads passes (2: 2 of 3 runs); event-loop (3 of 3 runs)"));
}

TEST(Passing, LeavesOutNoValueThatCouldNotBeJudged) {
  Pools pools({{18, 0}, {20, 3}, {22, 3}});
  pools.group.cells[1].passed.reset();
  EXPECT_THAT(pools.told(), HasSubstr("is 22 (3 of 3 runs; 20: not judged);"));
  pools.group.cells[2].runs = *(pools.group.cells[2].passed = 2);
  EXPECT_THAT(pools.told(), HasSubstr("is 22 (2 of 2 runs, 1 missing or not valid; 20: not judged);"));
}

TEST(Passing, DoesNotMixTheSweepsOfTwoServers) {
  Pools pools({{8, 0}, {16, 3}});
  pools.result.targets[1].family = "another";
  EXPECT_THAT(pools.told(), HasSubstr("pool-16 (3 of 3 runs) and event-loop (3 of 3 runs) pass; pool-8 (0 of 3 runs)"));
}

TEST(Passing, SaysWhatWasMissed) {
  Pools pools({});
  pools.group.cells[0].passed = 1;
  pools.group.cells[0].first_miss = "p99<200ms: too few samples";
  EXPECT_THAT(pools.told(), EndsWith("event-loop (1 of 3 runs; p99<200ms: too few samples) does not"));
}

TEST(Passing, AsksForSomebodyAtEachLevel) {
  Pools pools({{8, 0}});
  EXPECT_TRUE(somebody_passes(pools.result, {pools.group}));
  LevelGroup none = pools.group;
  none.cells[1].passed = 2;
  EXPECT_FALSE(somebody_passes(pools.result, {pools.group, none}));
  pools.result.thresholds.clear();
  EXPECT_TRUE(somebody_passes(pools.result, {none}));
}

TEST(Passing, TellsEachTargetWhereNoNumberIsSwept) {
  Pools pools({{1, 0}, {2, 2}});
  for (ExperimentTarget& target : pools.result.targets)
    target.sweep.clear();
  EXPECT_EQ(pools.told(),
            "Held against p99<200ms and errors<1%: event-loop (3 of 3 runs) passes; pool-1 (0 of 3 runs) and pool-2 "
            "(2 of 3 runs) do not");
}

TEST(Passing, SaysNothingWithoutThresholdsOrValidRuns) {
  Pools pools({});
  pools.group.cells[0].passed.reset();
  EXPECT_EQ(pools.told(), "");
  EXPECT_EQ(tell_certainty_of_passing({pools.group}), "");
}

TEST(Passing, SaysHowSureItIs) {
  EXPECT_EQ(
      tell_certainty_of_passing({Pools({}).group}),
      "Passing in 3 of 3 runs says, at 95 % confidence, that at least 36 % of the runs of a target chosen beforehand "
      "pass.");
  Pools once({});
  once.group.cells[0].runs = *(once.group.cells[0].passed = 1);
  EXPECT_THAT(tell_certainty_of_passing({once.group}), StartsWith("One run that passes"));
}

TEST(Passing, IsTheFirstThingThatAVerdictSays) {
  const Pools pools({{19, 0}, {22, 3}});
  const Verdict verdict = judge_experiment(pools.result, {pools.group});
  EXPECT_THAT(verdict.headline, StartsWith("Held against p99<200ms and errors<1%: the smallest value of threads"));
  EXPECT_THAT(verdict.uncertainty, EndsWith("that at least 36 % of the runs of a target chosen beforehand pass."));
}

TEST(Passing, ComesFirstAtEachLevelWhereThereAreSeveral) {
  Pools pools({{19, 0}, {22, 3}});
  pools.result.load.levels = {300, 400};
  const Verdict verdict = judge_experiment(pools.result, {pools.group, pools.group});
  EXPECT_THAT(verdict.findings[1], StartsWith("At 400/s: Held against p99<200ms"));
}

}  // namespace
}  // namespace waitlab::client
