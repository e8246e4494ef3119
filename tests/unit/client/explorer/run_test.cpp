#include "client/explorer/run.hpp"

#include "client/explorer/exploration.hpp"
#include "client/explorer/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace waitlab::client::explorer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> texts(const GuidedRun& run) {
  std::vector<std::string> texts;
  for (const TakenStep& step : run.trace())
    texts.push_back(std::string(1, thread_letter(step.thread)) + " " + step.text);
  return texts;
}

std::vector<std::string> marked(const GuidedRun& run, unsigned thread) {
  std::vector<std::string> lines;
  for (const ListedStep& step : run.listing(thread))
    lines.push_back((step.when == ListedStep::When::taken  ? "done "
                     : step.when == ListedStep::When::next ? "next "
                                                           : "later ") +
                    step.text);
  return lines;
}

std::string refusal(const Program& program, const std::string& schedule) {
  const Result<GuidedRun> run = replay(program, schedule);
  return run ? "" : run.error().message;
}

ThreadSteps unlock_only(Lock a) {
  co_await unlock(a);
}

ThreadSteps lock_twice(Lock a) {
  co_await lock(a);
  co_await lock(a);
}

ThreadSteps wait_until_set(Variable flag) {
  for (;;) {
    const Value seen = co_await load(flag);
    if (seen != 0) co_return;
  }
}

ThreadSteps each_kind_once(Variable x, Lock a) {
  const Value before = co_await add(x, 5);
  co_await store(x, before - 7);
  const Value swapped = co_await compare_exchange(x, -7, 3);
  const Value again = co_await compare_exchange(x, swapped, 4);
  const Value locked = co_await try_lock(a);
  const Value relocked = co_await try_lock(a);
  co_await unlock(a);
  co_await store(x, 100 * again + 10 * locked + relocked);
  co_await pause();
}

TEST(GuidedRun, TakesStepsAsItIsTold) {
  GuidedRun run(lost_update({}));
  for (const unsigned thread : {0U, 1U, 0U, 0U, 1U, 1U})
    run.step(thread);
  EXPECT_THAT(texts(run), ElementsAre("0 load counter → 0", "1 load counter → 0", "0 add 1", "0 store counter = 1",
                                      "1 add 1", "1 store counter = 1"));
  EXPECT_EQ(run.schedule(), "010011");
  EXPECT_THAT(run.trace()[3].data.values, ElementsAre(1));
  EXPECT_THAT(run.trace()[2].data.values, ElementsAre(0));
  ASSERT_TRUE(run.outcome());
  EXPECT_EQ(run.outcome()->text, "counter = 1");
  EXPECT_FALSE(run.outcome()->right);
  EXPECT_THAT(run.runnable(), IsEmpty());
}

TEST(GuidedRun, DoesWhatEachKindOfStepSays) {
  Program program("each kind");
  const Variable x = program.variable("x", 0);
  const Lock a = program.lock("a");
  program.thread([=] { return each_kind_once(x, a); });
  const GuidedRun run = replay(program, "000000000").value();
  EXPECT_THAT(texts(run),
              ElementsAre("0 add x +5", "0 store x = -7", "0 cas x -7→3: yes", "0 cas x 1→4: no", "0 try-lock a: yes",
                          "0 try-lock a: no", "0 unlock a", "0 store x = 10", "0 pause"));
  EXPECT_EQ(run.outcome()->text, "x = 10");
}

TEST(GuidedRun, ListsWhatAThreadDidDoesNextAndWouldDo) {
  const GuidedRun run = replay(lost_update({}), "0011").value();
  EXPECT_THAT(marked(run, 0), ElementsAre("done load counter → 0", "done add 1", "next store counter = 1"));
  EXPECT_THAT(marked(GuidedRun(lost_update({})), 1),
              ElementsAre("next load counter", "later add 1", "later store counter"));
}

TEST(GuidedRun, ListsWhatABlockedThreadWouldDoOnceItHasTheLock) {
  const GuidedRun run = replay(crossed_locks(), "01").value();
  EXPECT_THAT(marked(run, 1), ElementsAre("done lock b", "next lock a", "later unlock a", "later unlock b"));
}

TEST(GuidedRun, EndsAListingThatWouldGoOnForever) {
  Program program("spins");
  const Variable x = program.variable("x", 0);
  program.thread([=] { return wait_until_set(x); });
  EXPECT_EQ(GuidedRun(program).listing(0).size(), GuidedRun::listed_ahead);
}

TEST(GuidedRun, KeepsAThreadThatWaitsForALockFromRunningUntilItIsFree) {
  GuidedRun run(crossed_locks());
  run.step(0);
  run.step(0);
  EXPECT_THAT(run.runnable(), ElementsAre(0));
  EXPECT_EQ(run.hindrance(1), "it waits for b, which thread 0 holds");
  EXPECT_THROW(run.step(1), std::logic_error);
  run.step(0);
  EXPECT_EQ(run.hindrance(1), "");
  EXPECT_THAT(run.runnable(), ElementsAre(0, 1));
}

TEST(GuidedRun, SaysWhoWaitsForWhomInADeadlock) {
  const GuidedRun run = replay(crossed_locks(), "10").value();
  ASSERT_TRUE(run.outcome());
  EXPECT_EQ(run.outcome()->kind, Outcome::Kind::deadlock);
  EXPECT_EQ(run.outcome()->text, "deadlock: thread 0 holds a, waits for b; thread 1 holds b, waits for a");
}

TEST(GuidedRun, IsDeadlockedWhereAThreadLocksWhatItHolds) {
  Program program("twice");
  const Lock a = program.lock("a");
  program.thread([=] { return lock_twice(a); });
  EXPECT_EQ(replay(program, "0").value().outcome()->text, "deadlock: thread 0 holds a, waits for a");
}

TEST(GuidedRun, IsDeadlockedEvenIfItsLastStepWasTheLastAllowed) {
  Program program = crossed_locks();
  program.limit_steps(2);
  EXPECT_EQ(replay(program, "01").value().outcome()->kind, Outcome::Kind::deadlock);
  EXPECT_EQ(replay(program, "00").value().outcome()->kind, Outcome::Kind::step_limit);
}

TEST(GuidedRun, IsALivelockWhenBothBackOffInStep) {
  std::string in_step;
  while (in_step.size() < 40)
    in_step += "01";
  const GuidedRun run = replay(backing_off_locks(), in_step).value();
  EXPECT_EQ(run.outcome()->text, "livelock: not finished after 40 steps");
  EXPECT_EQ(run.hindrance(0), "the run was cut off after 40 steps");
}

TEST(GuidedRun, RefusesToUnlockWhatTheThreadDoesNotHold) {
  Program program("unlocks");
  const Lock a = program.lock("a");
  program.thread([=] { return unlock_only(a); });
  GuidedRun run(program);
  EXPECT_THROW(run.step(0), std::logic_error);
}

TEST(GuidedRun, IsCopiedWithItsMoment) {
  GuidedRun run(lost_update({}));
  run.step(0);
  GuidedRun copy = run;
  copy.step(1);
  EXPECT_EQ(run.schedule(), "0");
  EXPECT_EQ(copy.schedule(), "01");
  run.step(0);
  EXPECT_EQ(texts(run).back(), "0 add 1");
  EXPECT_EQ(texts(copy).back(), "1 load counter → 0");
}

TEST(Replay, GivesTheTraceOfTheRunThatHadTheSchedule) {
  const Program program = dining_philosophers(4, Manners::put_back);
  for (std::uint64_t n = 0; n < 20; ++n) {
    const GuidedRun run = random_run(program, 3, n);
    const GuidedRun again = replay(program, run.schedule()).value();
    EXPECT_EQ(texts(again), texts(run));
    EXPECT_EQ(again.outcome()->text, run.outcome()->text);
  }
}

TEST(Replay, MayStopBeforeTheEnd) {
  const GuidedRun run = replay(lost_update({}), "01").value();
  EXPECT_FALSE(run.outcome());
  EXPECT_THAT(run.runnable(), ElementsAre(0, 1));
}

TEST(Replay, RefusesWhatCannotBeFollowedAndNamesThePlace) {
  EXPECT_EQ(refusal(crossed_locks(), "0x"), "schedule \"0x\", place 2: there is no thread 'x', only 0 to 1");
  EXPECT_EQ(refusal(crossed_locks(), "2"), "schedule \"2\", place 1: there is no thread '2', only 0 to 1");
  EXPECT_EQ(refusal(crossed_locks(), "001"),
            "schedule \"001\", place 3: thread 1 cannot run: it waits for b, which thread 0 holds");
  EXPECT_EQ(refusal(lost_update({}), "0000"), "schedule \"0000\", place 4: thread 0 cannot run: it has finished");
  EXPECT_THAT(refusal(crossed_locks(), "010"), HasSubstr("place 3: thread 0 cannot run: it waits for b"));
}

TEST(Replay, NamesThreadsBeyondTheTenthByLetters) {
  const Program program = atomic_update({.threads = 12, .increments = 1});
  EXPECT_EQ(replay(program, "ba0123456789").value().outcome()->text, "counter = 12");
  EXPECT_THAT(refusal(program, "c"), HasSubstr("only 0 to b"));
}

TEST(Program, HasNoMoreThreadsThanLetters) {
  EXPECT_NO_THROW(atomic_update({.threads = 36, .increments = 1}));
  EXPECT_THROW(atomic_update({.threads = 37, .increments = 1}), std::length_error);
}

}  // namespace
}  // namespace waitlab::client::explorer
