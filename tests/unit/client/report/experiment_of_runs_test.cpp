#include "client/report/experiment_of_runs.hpp"

#include "client/report/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

NamedResult run_at(std::optional<double> rate, const std::string& url = "http://one/") {
  NamedResult run{.name = "a.json", .result = {}};
  run.result.url = url;
  run.result.offered_rate = rate;
  run.result.connections = 7;
  run.result.window = 1s;
  run.result.arrivals = rate ? "poisson" : "";
  run.result.command = "waitlab-client run";
  for (int i = 0; i < 10; ++i) {
    run.result.record.begin();
    run.result.record.complete({.intended = 0s, .sent = 0s, .ended = 5ms}, 200);
  }
  return run;
}

TEST(ExperimentOfRuns, HasALevelForEachRateAndARepeatForEachRunAtIt) {
  const ExperimentResult result = experiment_of({run_at(200), run_at(100), run_at(200)}).value();
  EXPECT_EQ(result.targets.size(), 1u);
  EXPECT_THAT(result.load.levels, ElementsAre(100, 200));
  EXPECT_EQ(result.repeats, 2u);
  EXPECT_EQ(result.title, "http://one/");
  const Comparison comparison = compare(result);
  EXPECT_EQ(comparison.at(0).cells.at(0).runs, 1u);
  EXPECT_EQ(comparison.at(1).cells.at(0).runs, 2u);
}

TEST(ExperimentOfRuns, HasATargetForEachUrl) {
  const ExperimentResult result = experiment_of({run_at(100), run_at(100, "http://two/")}).value();
  EXPECT_EQ(result.targets.at(0).name, "http://one/");
  EXPECT_EQ(result.targets.at(1).url, "http://two/");
  EXPECT_EQ(result.targets[1].kind, TargetKind::url);
  EXPECT_EQ(result.runs.at(1).target, 1u);
}

TEST(ExperimentOfRuns, HasTheConnectionsOfAClosedLoopAsItsLevels) {
  const ExperimentResult result = experiment_of({run_at(std::nullopt)}).value();
  EXPECT_EQ(result.load.loop, Loop::closed);
  EXPECT_THAT(result.load.levels, ElementsAre(7));
}

TEST(ExperimentOfRuns, MixesNoLoops) {
  const auto mixed = experiment_of({run_at(100), run_at(std::nullopt)});
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().message,
            "a.json is of an open loop and a.json of a closed one, which have no axis in common; make a page of each");
}

}  // namespace
}  // namespace waitlab::client
