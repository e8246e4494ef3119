#include "client/lessons/locks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using testing::HasSubstr;
using testing::Not;

LockFigures locked_with(double half_under_lock, double short_speed_up) {
  LockFigures figures;
  figures.speed_ups = {2, 1.9, half_under_lock, 1.2, 0.9};
  figures.short_speed_up = short_speed_up;
  figures.short_sleeps = 0.3;
  figures.long_busiest = 0.94;
  figures.empty_in_a_row = 500;
  figures.empty_rate = 40e6;
  return figures;
}

TEST(Locks, AmdahlsLawLetsNobodyWorkBesideTheLock) {
  EXPECT_EQ(amdahl_speed_up(0, 2), 2);
  EXPECT_DOUBLE_EQ(amdahl_speed_up(0.5, 2), 4.0 / 3);
  EXPECT_EQ(amdahl_speed_up(1, 4), 1);
  EXPECT_DOUBLE_EQ(amdahl_speed_up(0.25, 4), 1 / 0.4375);
}

TEST(Locks, AtMostTheLockIsAlwaysTaken) {
  EXPECT_EQ(highest_speed_up(0, 4), 4);
  EXPECT_EQ(highest_speed_up(0.25, 2), 2);
  EXPECT_EQ(highest_speed_up(0.5, 4), 2);
  EXPECT_EQ(highest_speed_up(1, 4), 1);
}

TEST(Locks, ThreadsGainFromFifteenPercentOn) {
  EXPECT_EQ(locks_answer(locked_with(1.16, 1.14)), "long");
  EXPECT_EQ(locks_answer(locked_with(1.16, 1.16)), "always");
  EXPECT_EQ(locks_answer(locked_with(1.14, 1.16)), "short");
  EXPECT_EQ(locks_answer(locked_with(1.14, 0.5)), "never");
}

TEST(Locks, HoldsWhatWasSeenAgainstAmdahlsLaw) {
  EXPECT_THAT(locks_conclusion(locked_with(1.7, 0.5)),
              HasSubstr("did 1.70 times what one does. Amdahl's law says 1.33, "
                        "as if all others waited"));
  EXPECT_THAT(locks_conclusion(locked_with(1.2, 0.5)), HasSubstr("Amdahl's law allows 1.33; the rest"));
  EXPECT_THAT(locks_conclusion(locked_with(1.7, 0.5)), HasSubstr("0.90 times, and one thread had 94 % of the locks"));
}

TEST(Locks, TellsWhatShortPiecesPayForSleeping) {
  EXPECT_THAT(locks_conclusion(locked_with(1.7, 0.5)), HasSubstr("even half was too much: 0.50 times"));
  EXPECT_THAT(locks_conclusion(locked_with(1.7, 0.5)),
              HasSubstr("sleeps in the kernel, here 0.30 times for each lock"));
  EXPECT_THAT(locks_conclusion(locked_with(1.7, 1.4)),
              HasSubstr("Here pieces of 5 us gained as well, 1.40 times, though"));
}

TEST(Locks, DoesNotBlameSleepWhereHardlyAnybodySlept) {
  LockFigures figures = locked_with(1.7, 0.5);
  figures.short_sleeps = 0.004;
  EXPECT_THAT(locks_conclusion(figures), HasSubstr("Sleep is not the cause: here a thread slept only 0.004 times"));
  EXPECT_THAT(locks_conclusion(figures), Not(HasSubstr("sleeps in the kernel")));
}

TEST(Locks, DoesNotBlameTheLockForCpusThatGiveLess) {
  LockFigures figures = locked_with(1.2, 0.5);
  figures.speed_ups.front() = 1.3;
  EXPECT_THAT(locks_conclusion(figures), HasSubstr("without the lock it was 1.30 times. "));
  EXPECT_THAT(locks_conclusion(figures), Not(HasSubstr("to pass the lock on")));
}

TEST(Locks, ExpectNoGainOfThreadsOnOneCpu) {
  LockFigures figures = locked_with(0.98, 0.97);
  figures.one_cpu = true;
  figures.speed_ups.front() = 1;
  EXPECT_THAT(locks_conclusion(figures), HasSubstr("On one CPU 2 threads have no more to share than one has"));
  EXPECT_THAT(locks_conclusion(figures), HasSubstr("Nor does the lock cost much"));
  figures.speed_ups[half_share] = 0.7;
  EXPECT_THAT(locks_conclusion(figures), HasSubstr("Here the lock costs something even so"));
}

TEST(Locks, TellsWhoHadTheLockAroundNothing) {
  LockFigures figures = locked_with(1.7, 0.5);
  EXPECT_THAT(locks_conclusion(figures), HasSubstr("40 million per second. But a thread took it 500 times in a row"));
  figures.empty_in_a_row = 1.5;
  EXPECT_THAT(locks_conclusion(figures), HasSubstr("here in turns, though the folklore says"));
}

}  // namespace
}  // namespace waitlab::client
