#include "client/commands/lesson_play.hpp"

#include "client/explorer/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace waitlab::client {
namespace {

using explorer::GuidedRun;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// A play of which all was typed beforehand.
struct Played {
  explicit Played(const explorer::Program& program, const std::string& typed, bool echoes = true)
      : run(played(program, typed, echoes)) {}

  GuidedRun played(const explorer::Program& program, const std::string& typed, bool echoes) {
    std::istringstream lines(typed);
    return play(GuidedRun(program), {.typed = lines,
                                     .show =
                                         [this](const std::string& text) {
                                           shown += text;
                                           return Result<void>();
                                         },
                                     .echoes = echoes})
        .value();
  }

  std::string shown;
  GuidedRun run;
};

TEST(LessonPlay, TakesALetterALineUntilTheRunIsOver) {
  const Played played(explorer::lost_update({}), "0\n0\n1\n0\n1\n1\n1\n");
  EXPECT_EQ(played.run.schedule(), "001011");
  EXPECT_EQ(played.run.outcome()->text, "counter = 1");
  EXPECT_THAT(played.shown, HasSubstr("can run: 0 1\nnext thread (0 1; u: a step back, q: stop): "));
}

TEST(LessonPlay, TakesSeveralLettersInALine) {
  EXPECT_EQ(Played(explorer::lost_update({}), "0 01\n011\n").run.schedule(), "001011");
}

TEST(LessonPlay, SaysWhyAThreadCannotRunAndAsksAgain) {
  const Played played(explorer::crossed_locks(), "0\n0\n1\n001\n");
  EXPECT_THAT(played.shown, HasSubstr("thread 1 cannot run: it waits for b, which thread 0 holds\nnext thread (0; u"));
  EXPECT_EQ(played.run.schedule(), "00001");
}

TEST(LessonPlay, KnowsNoOtherLetters) {
  const Played played(explorer::lost_update({}), "2\n\xff\n\n0\n");
  EXPECT_THAT(played.shown, HasSubstr("'2' is no thread; type 0 1, u for a step back, or q to stop\n"));
  EXPECT_THAT(played.shown, HasSubstr("'?' is no thread"));
  EXPECT_EQ(played.run.schedule(), "0");
}

TEST(LessonPlay, GoesBackAStepAndOnAnotherWay) {
  const Played played(explorer::lost_update({}), "0\n0\nu\n1\nuuu\n1\n");
  EXPECT_THAT(played.shown, HasSubstr("no step was taken yet\n"));
  EXPECT_EQ(played.run.schedule(), "1");
}

TEST(LessonPlay, IsLeftAtWill) {
  EXPECT_EQ(Played(explorer::lost_update({}), "01q\n0\n").run.schedule(), "01");
  EXPECT_EQ(Played(explorer::lost_update({}), "01").run.schedule(), "01");
  EXPECT_EQ(Played(explorer::lost_update({}), "").run.schedule(), "");
}

TEST(LessonPlay, ShowsWhatIsTypedWhereNobodySeesIt) {
  EXPECT_THAT(Played(explorer::lost_update({}), "01\n", false).shown, HasSubstr("q: stop): 01\n"));
  EXPECT_THAT(Played(explorer::lost_update({}), "01\n", true).shown, Not(HasSubstr("stop): 01")));
}

TEST(LessonPlay, EndsWhereNothingCanBeShown) {
  std::istringstream typed("0\n");
  const auto run = play(GuidedRun(explorer::lost_update({})),
                        {.typed = typed, .show = [](const std::string&) -> Result<void> { return Failure{"full"}; }});
  EXPECT_EQ(run.error().message, "full");
}

TEST(PlayedText, TellsHowManySchedulesEndSoAndHowToSeeItAgain) {
  const std::string text = played_text(replay(explorer::lost_update({}), "001011").value(), "race");
  EXPECT_THAT(text,
              HasSubstr("counter = 1 (wrong)\n\n18 of 20 schedules end like this one; a random scheduler does in "));
  EXPECT_THAT(text, EndsWith("Again: waitlab-client lesson race --replay 001011\n"));
}

TEST(PlayedText, OfADeadlockTellsHowLikelyItIs) {
  EXPECT_THAT(played_text(replay(explorer::crossed_locks(), "01").value(), "deadlock"),
              HasSubstr("schedules end like this one; a random scheduler does in 50 % of its runs.\n"));
}

TEST(PlayedText, OfAPlayThatWasLeftTellsWhoCanRun) {
  const std::string text = played_text(replay(explorer::crossed_locks(), "00").value(), "deadlock");
  EXPECT_THAT(text, HasSubstr("not over: 0 can run\nAgain: waitlab-client lesson deadlock --replay 00\n"));
  EXPECT_THAT(text, Not(HasSubstr("end like")));
  EXPECT_THAT(played_text(GuidedRun(explorer::lost_update({})), "race"), Not(HasSubstr("Again")));
}

}  // namespace
}  // namespace waitlab::client
