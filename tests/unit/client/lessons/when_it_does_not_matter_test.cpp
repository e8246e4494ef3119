#include "client/lessons/when_it_does_not_matter.hpp"

#include "tests/unit/client/report/figures_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using testing::HasSubstr;

StrategyRatio fiber_ratio(double value, double low, double high) {
  return {.strategy = "fiber", .ratio = {.value = value, .low = low, .high = high}};
}

TEST(WhenItDoesNotMatter, IsTheSameOnlyWhereEveryIntervalLiesWithinTenPercent) {
  EXPECT_EQ(answer_of_equivalence(std::vector{fiber_ratio(1.0, 0.95, 1.05), fiber_ratio(1.02, 0.9, 1.1)}, 2), "same");
  EXPECT_EQ(answer_of_equivalence(std::vector{fiber_ratio(1.0, 0.95, 1.05), fiber_ratio(1.02, 0.91, 1.11)}, 2),
            "unknown");
  EXPECT_EQ(answer_of_equivalence(std::vector{fiber_ratio(1.0, 0.89, 1.05), fiber_ratio(1.02, 0.91, 1.1)}, 2),
            "unknown");
}

TEST(WhenItDoesNotMatter, DiffersWhereAnIntervalLiesOutside) {
  EXPECT_EQ(answer_of_equivalence(std::vector{fiber_ratio(1.0, 0.5, 2.0), fiber_ratio(1.2, 1.11, 1.3)}, 2), "differ");
  EXPECT_EQ(answer_of_equivalence(std::vector{fiber_ratio(0.8, 0.7, 0.89)}, 1), "differ");
  EXPECT_EQ(answer_of_equivalence(std::vector{fiber_ratio(1.2, 1.09, 1.3)}, 1), "unknown");
}

TEST(WhenItDoesNotMatter, DoesNotTakeWhatIsMissingForEqual) {
  EXPECT_EQ(answer_of_equivalence(std::vector{fiber_ratio(1.0, 0.95, 1.05)}, 2), "unknown");
  EXPECT_EQ(answer_of_equivalence(std::vector<StrategyRatio>{}, 2), "unknown");
  EXPECT_EQ(answer_of_equivalence(std::vector<StrategyRatio>{{.strategy = "fiber", .ratio = {.value = 1}}}, 1),
            "unknown");
}

TEST(WhenItDoesNotMatter, ComparesRepeatByRepeat) {
  const std::vector<std::pair<std::string, std::map<unsigned, double>>> medians{
      {"event-loop", {{0, 50}, {1, 100}, {2, 70}}},
      {"fiber", {{0, 51}, {1, 102}, {3, 1}}},
      {"fixed-pool", {{0, 51}}},
  };
  const auto ratios = ratios_to_first(medians);
  ASSERT_EQ(ratios.size(), 1U);
  EXPECT_EQ(ratios.front().strategy, "fiber");
  EXPECT_NEAR(ratios.front().ratio.value, 1.02, 1e-9);
  EXPECT_NEAR(*ratios.front().ratio.high, 1.02, 1e-6) << "what moves both alike is no difference";
}

TEST(WhenItDoesNotMatter, SaysWhatItSawWhicheverItIs) {
  EXPECT_THAT(equivalence_sentences(std::vector{fiber_ratio(1.0, 0.95, 1.05)}, 1), HasSubstr("within 10 % of 1, so"));
  EXPECT_THAT(equivalence_sentences(std::vector{fiber_ratio(1.2, 1.15, 1.3)}, 1), HasSubstr("fiber is 1.20 times"));
  EXPECT_THAT(equivalence_sentences(std::vector{fiber_ratio(1.0, 0.8, 1.3)}, 1), HasSubstr("no proof"));
}

/// Two repeats of each of three strategies: all answers take that long.
ExperimentResult idle_result(std::chrono::milliseconds time) {
  ExperimentResult result = result_of({"event-loop", "fiber", "fixed-pool"}, {20});
  for (std::size_t target = 0; target < 3; ++target) {
    for (unsigned repeat = 0; repeat < 2; ++repeat) {
      ExperimentRun run;
      run.target = target;
      run.repeat = repeat;
      run.load.window = std::chrono::seconds(1);
      for (int request = 0; request < 50; ++request) {
        run.load.record.begin();
        run.load.record.complete({.intended = {}, .sent = {}, .ended = time}, 200);
      }
      run.load.record.completed_in_window = 50;
      result.runs.push_back(run);
    }
  }
  return result;
}

TEST(WhenItDoesNotMatter, ComparesAllWithTheEventLoop) {
  const LessonOutcome outcome = equivalence_outcome(idle_result(std::chrono::milliseconds(50)));
  EXPECT_EQ(outcome.answer, "same");
  EXPECT_THAT(outcome.trace, HasSubstr("beside that of event-loop"));
  EXPECT_THAT(outcome.trace, HasSubstr("fixed-pool"));
  EXPECT_TRUE(outcome.missing.empty());
}

TEST(WhenItDoesNotMatter, ComparesWithNoneWhereTheEventLoopHasNoValidRun) {
  ExperimentResult result = idle_result(std::chrono::milliseconds(50));
  for (ExperimentRun& run : result.runs) {
    if (run.target == 0) run.load.invalid_because = {"the client was late"};
  }
  const LessonOutcome outcome = equivalence_outcome(result);
  EXPECT_EQ(outcome.answer, "unknown");
  EXPECT_EQ(outcome.trace, "") << "no other may take its place";
  EXPECT_EQ(outcome.missing.size(), 3U) << "its valid run, and both comparisons";
}

}  // namespace
}  // namespace waitlab::client
