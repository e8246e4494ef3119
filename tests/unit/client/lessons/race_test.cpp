#include "client/lessons/race.hpp"

#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using testing::HasSubstr;
using testing::Not;

Raced raced(double two_cpus, double one_cpu) {
  Raced made{.each = 50'000'000, .each_briefly = 1'000, .two_cpus = two_cpus, .one_cpu = one_cpu, .briefly = 0.0};
  made.plain = RacedCount{.lost = 0, .loop = nanoseconds(200)};
  made.servers = {{"event-loop", 1, 0}, {"fixed-pool", 16, 0.4}, {"event-loop-per-core", 2, 0}};
  return made;
}

const LessonFigure& figure(const LessonOutcome& outcome, const std::string& name) {
  const auto found = std::ranges::find(outcome.figures, name, &LessonFigure::name);
  if (found == outcome.figures.end()) throw std::runtime_error("no figure " + name);
  return *found;
}

TEST(RaceAnswer, GoesByWhereMoreThanOneUpdateInAThousandWasLost) {
  EXPECT_EQ(race_answer(raced(0.3, 0.3)), "both");
  EXPECT_EQ(race_answer(raced(0.3, 0.0009)), "two");
  EXPECT_EQ(race_answer(raced(0.0009, 0.0009)), "neither");
  EXPECT_EQ(race_answer(raced(0.0011, 0.0011)), "both");
}

TEST(RaceAnswer, IsNoneWhereSomethingWasNotMeasuredOrContradictsItself) {
  EXPECT_EQ(race_answer(raced(0, 0.3)), "");
  Raced one_cpu = raced(0, 0.3);
  one_cpu.two_cpus.reset();
  EXPECT_EQ(race_answer(one_cpu), "");
  EXPECT_THAT(race_outcome(one_cpu).conclusion, HasSubstr("Two threads lost 30 % of their updates on one CPU: "));
}

TEST(RaceOutcome, HasTheFiguresOfTheExplorer) {
  const LessonOutcome outcome = race_outcome(raced(0.4, 0.3));
  const LessonFigure& one = figure(outcome, "interleavings that lose an update");
  EXPECT_EQ(one.possible->text, "18 of 20");
  EXPECT_EQ(one.likely->text, "75 %");
  EXPECT_EQ(figure(outcome, "5 increments each: the counter").possible->text, "2 to 10");
  EXPECT_EQ(figure(outcome, "the same, without a loss").possible->text, "252 of 184,756");
  for (const LessonFigure& each : outcome.figures)
    EXPECT_LE(columns_of(each.name), 34U) << each.name;
}

TEST(RaceOutcome, SaysWhereTheFolkloreOfOneCpuDoesNotHold) {
  EXPECT_THAT(race_outcome(raced(0.4, 0.3)).conclusion, HasSubstr("One CPU is no protection, though the folklore"));
  EXPECT_THAT(race_outcome(raced(0.4, 0)).conclusion, Not(HasSubstr("folklore")));
  EXPECT_THAT(race_outcome(raced(0, 0)).conclusion, HasSubstr("Here hardly an update was lost"));
}

TEST(RaceOutcome, TellsAFoldedLoopFromOneThatWasKept) {
  Raced seen = raced(0.4, 0.3);
  EXPECT_THAT(race_outcome(seen).conclusion, HasSubstr("made a single addition of all 50,000,000"));
  seen.plain = RacedCount{.lost = 0.4, .loop = milliseconds(120)};
  EXPECT_THAT(race_outcome(seen).conclusion, HasSubstr("A plain integer lost 40 %: it is loaded and stored as often"));
}

TEST(RaceOutcome, TellsUnderWhichStrategiesTheServerLostUpdates) {
  const std::string conclusion = race_outcome(raced(0.4, 0.3)).conclusion;
  EXPECT_THAT(conclusion,
              HasSubstr("lost updates under fixed-pool. Under event-loop-per-core the counter lost none, though "));
  EXPECT_THAT(conclusion, HasSubstr("luck. Under event-loop one thread does everything"));
  EXPECT_THAT(conclusion, Not(HasSubstr("  ")));
}

TEST(RaceOutcome, LeavesOutWhatWasNotMeasured) {
  const LessonOutcome outcome = race_outcome({.each = 50'000'000, .each_briefly = 1'000, .missing = {"all of it."}});
  EXPECT_EQ(outcome.figures.size(), 4U) << "those of the explorer";
  EXPECT_EQ(outcome.conclusion, "");
  EXPECT_EQ(outcome.missing.front(), "all of it.");
}

}  // namespace
}  // namespace waitlab::client
