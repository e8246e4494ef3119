#include "client/lessons/deadlock.hpp"

#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace waitlab::client {
namespace {

using testing::HasSubstr;

Deadlocked crossed(std::uint64_t deadlocks) {
  Deadlocked seen;
  seen.crossed = Crossings{.rounds = 1'000, .deadlocks = deadlocks};
  seen.ordered = Crossings{.rounds = 1'000, .deadlocks = 0};
  seen.transfers = {{"unordered", 600, 120, 0}, {"ordered", 600, 0, 0}, {"try", 600, 0, 75}};
  seen.pools = 50;
  seen.stuck_pools = 50;
  return seen;
}

const LessonFigure& figure_of(const LessonOutcome& outcome, const std::string& name) {
  const auto found = std::ranges::find(outcome.figures, name, &LessonFigure::name);
  if (found == outcome.figures.end()) throw std::runtime_error("no figure " + name);
  return *found;
}

TEST(DeadlockAnswer, GoesByTheShareOfTheRounds) {
  EXPECT_EQ(deadlock_answer(crossed(0)), "never");
  EXPECT_EQ(deadlock_answer(crossed(1)), "sometimes");
  EXPECT_EQ(deadlock_answer(crossed(199)), "sometimes");
  EXPECT_EQ(deadlock_answer(crossed(200)), "often");
  EXPECT_EQ(deadlock_answer({}), "");
}

TEST(DeadlockOutcome, HasTheFiguresOfTheExplorerBesideThoseMeasured) {
  const LessonOutcome outcome = deadlock_outcome(crossed(2), 1);
  const LessonFigure& locks = figure_of(outcome, "two locks, crossed");
  EXPECT_EQ(locks.possible->text, "2 of 6");
  EXPECT_EQ(locks.likely->text, "50 %");
  EXPECT_EQ(locks.here->text, "2 of 1,000");
  EXPECT_EQ(figure_of(outcome, "two locks, in one order").likely->value, 0);
  EXPECT_GT(figure_of(outcome, "5 philosophers, left fork first").likely->value, 0.1);
  EXPECT_EQ(figure_of(outcome, "the same, forks in one order").likely->value, 0);
  EXPECT_GT(figure_of(outcome, "back-off instead: livelock").likely->value, 0);
  for (const LessonFigure& each : outcome.figures)
    EXPECT_LE(columns_of(each.name), 34U) << each.name;
}

TEST(DeadlockOutcome, SaysWhatWasSeen) {
  const std::string conclusion = deadlock_outcome(crossed(2), 1).conclusion;
  EXPECT_THAT(conclusion, HasSubstr("came to a deadlock in one round in 500, and"));
  EXPECT_THAT(conclusion, HasSubstr("no deadlock was seen"));
  EXPECT_THAT(conclusion,
              HasSubstr("120 with unordered locks, none with ordered locks, none with try locks (75 retries"));
  EXPECT_THAT(conclusion, HasSubstr("50 times of 50"));
}

TEST(DeadlockOutcome, SaysWhereTheMachineContradictsTheFolklore) {
  EXPECT_THAT(deadlock_outcome(crossed(0), 1).conclusion, HasSubstr("Here no round came to a deadlock, though"));
  EXPECT_THAT(deadlock_outcome(crossed(500), 1).conclusion, HasSubstr("in 50 % of the rounds here"));
  EXPECT_THAT(deadlock_outcome(crossed(250), 1).conclusion, HasSubstr("in 25 % of the rounds here; under a random"));
}

TEST(DeadlockOutcome, LeavesOutWhatWasNotMeasured) {
  Deadlocked nothing;
  nothing.missing = {"all of it."};
  nothing.crossed = Crossings{};  // interrupted
  const LessonOutcome outcome = deadlock_outcome(nothing, 1);
  EXPECT_FALSE(figure_of(outcome, "two locks, crossed").here);
  EXPECT_EQ(outcome.conclusion, "");
  EXPECT_EQ(outcome.missing.front(), "all of it.");
}

}  // namespace
}  // namespace waitlab::client
