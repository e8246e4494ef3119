#include "client/explorer/schedule_text.hpp"

#include "client/explorer/programs.hpp"
#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace waitlab::client::explorer {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);)
    widest = std::max(widest, columns_of(line));
  return widest;
}

TEST(RunText, HasAColumnForEachThreadAndTheDataOnTheRight) {
  EXPECT_EQ(run_text(replay(lost_update({}), "001011").value()),
            "step  thread 0                thread 1                 counter\n"
            "                                                             0\n"
            "   1  load counter → 0                                       0\n"
            "   2  add 1                                                  0\n"
            "   3                          load counter → 0               0\n"
            "   4  store counter = 1                                      1\n"
            "   5                          add 1                          1\n"
            "   6                          store counter = 1              1\n"
            "counter = 1 (wrong)\n");
}

TEST(RunText, MarksADeadlock) {
  EXPECT_EQ(run_text(replay(crossed_locks(), "01").value()),
            "step  thread 0                thread 1                   a   b\n"
            "                                                         -   -\n"
            "   1  lock a                                             0   -\n"
            "   2                          lock b                     0   1\n"
            "      x lock b                                           0   1\n"
            "                              x lock a                   0   1\n"
            "deadlock: thread 0 holds a, waits for b; thread 1 holds b, waits for a (wrong)\n");
}

TEST(RunText, MarksNobodyWhoWaitsWhileTheRunCanGoOn) {
  EXPECT_THAT(run_text(replay(crossed_locks(), "00").value()), Not(HasSubstr("x lock")));
}

TEST(RunText, GivesThreadsOneColumnWhereTheyNeedMoreThanThereAre) {
  const GuidedRun run = random_run(dining_philosophers(9, Manners::put_back), 1);
  EXPECT_THAT(run_text(run), HasSubstr("8: try-lock f0: "));
  EXPECT_LE(widest_line(run_text(run)), terminal_columns);
  EXPECT_LE(widest_line(run_text(replay(dining_philosophers(5, Manners::left_first), "01234").value())),
            terminal_columns);
}

TEST(ChoiceText, MarksWhatEachThreadWouldDoNext) {
  EXPECT_EQ(choice_text(replay(crossed_locks(), "00").value()),
            "  thread 0                  thread 1\n"
            "  lock a                  x lock b\n"
            "  lock b                    lock a\n"
            "> unlock b                  unlock a\n"
            "  unlock a                  unlock b\n"
            "thread 1 cannot run: it waits for b, which thread 0 holds\n"
            "a: held by 0, b: held by 0\n"
            "can run: 0\n");
}

TEST(ChoiceText, SaysHowARunEnded) {
  EXPECT_THAT(choice_text(replay(lost_update({}, Addition::in_register), "0101").value()),
              HasSubstr("thread 0 cannot run: it has finished\n"
                        "thread 1 cannot run: it has finished\n"
                        "counter = 1\n"
                        "counter = 1\n"));
}

TEST(ChoiceText, NamesOnlyNextStepsWhereListingsNeedMoreColumnsThanThereAre) {
  const std::string text = choice_text(GuidedRun(dining_philosophers(9, Manners::put_back)));
  EXPECT_THAT(text, HasSubstr("thread 8: > lock f8\n"));
  EXPECT_LE(widest_line(text), terminal_columns);
}

TEST(ExplorationText, TellsOutcomesWithTheirSharesAndAnExampleOfEachWrongOne) {
  EXPECT_EQ(exploration_text(explore_all(lost_update({}))),
            "lost update: all 20 interleavings\n"
            "outcome                        interleavings      share  likelihood\n"
            "counter = 2                                2       10 %        25 %\n"
            "counter = 1                               18       90 %        75 %  wrong\n"
            "Wrong: 18 of 20 (90 %); under a random scheduler 75 %.\n"
            "counter = 1, for example by\n"
            "  001011\n");
}

TEST(ExplorationText, GroupsDigits) {
  EXPECT_THAT(exploration_text(explore_all(lost_update({.threads = 2, .increments = 5}, Addition::in_register))),
              HasSubstr("Wrong: 184,504 of 184,756 (99.9 %)"));
}

TEST(ExplorationText, SaysWhatWasNotSeen) {
  const std::string part = exploration_text(explore_all(dining_philosophers(4, Manners::put_back), 1000));
  EXPECT_THAT(part, HasSubstr("4 philosophers: at least "));
  EXPECT_THAT(part, HasSubstr("Cut off after 1,0"));
  const std::string sample = exploration_text(sample_random(crossed_locks(), 1, 1000));
  EXPECT_THAT(sample, HasSubstr("two locks, crossed: 1,000 runs of a random scheduler\n"));
  EXPECT_THAT(sample, HasSubstr("Sampled: what was not seen may still happen.\n"));
  EXPECT_THAT(exploration_text(sample_pct(crossed_locks(), {}, 1, 10)), HasSubstr("10 runs of PCT\n"));
}

TEST(ExplorationText, TellsWhoWaitsForWhomInADeadlock) {
  EXPECT_THAT(exploration_text(explore_all(crossed_locks())),
              HasSubstr("deadlock: thread 0 holds a, waits for b; thread 1 holds b, waits for a, for\n"
                        "example by\n"
                        "  01\n"));
}

TEST(LimitsText, SaysWhatNoExplorationProves) {
  EXPECT_THAT(limits_text(), HasSubstr("sequential consistency"));
  EXPECT_LE(widest_line(limits_text()), terminal_columns);
}

}  // namespace
}  // namespace waitlab::client::explorer
