#include "client/explorer/exploration.hpp"

#include "client/explorer/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace waitlab::client::explorer {
namespace {

using Kind = Outcome::Kind;

/// How many schedules have each outcome.
std::map<std::string, double> counts_of(const Exploration& exploration) {
  std::map<std::string, double> counts;
  for (const OutcomeTally& tally : exploration.outcomes)
    counts[tally.outcome.text] = tally.schedules;
  return counts;
}

/// The same by following every schedule by itself to its end; `schedules` are all of them.
void follow_each(const GuidedRun& run, std::map<std::string, double>& counts, std::multiset<std::string>& schedules) {
  for (const unsigned thread : run.runnable()) {
    GuidedRun next = run;
    next.step(thread);
    follow_each(next, counts, schedules);
  }
  if (!run.outcome()) return;
  ++counts[run.outcome()->text];
  schedules.insert(run.schedule());
}

TEST(ExploreAll, FindsThat18Of20InterleavingsLoseAnUpdate) {
  const Exploration all = explore_all(lost_update({}));
  EXPECT_TRUE(all.complete());
  EXPECT_EQ(all.schedules(), 20);
  EXPECT_EQ(all.wrong_schedules(), 18);
  EXPECT_EQ(all.wrong_likelihood(), 0.75);
  EXPECT_EQ(all.longest, 6U);
}

TEST(ExploreAll, CountsFourOfSixWhereTheAdditionIsNoStep) {
  const Exploration all = explore_all(lost_update({}, Addition::in_register));
  EXPECT_EQ(all.schedules(), 6);
  EXPECT_EQ(all.wrong_schedules(), 4);
}

TEST(ExploreAll, LetsTwoTimesFiveIncrementsEndAnywhereFrom2To10) {
  const Exploration all = explore_all(lost_update({.threads = 2, .increments = 5}, Addition::in_register));
  const std::map<std::string, double> counts = counts_of(all);
  EXPECT_EQ(all.schedules(), 184'756);
  EXPECT_EQ(counts.size(), 9U);
  EXPECT_EQ(counts.at("counter = 2"), 8);
  EXPECT_EQ(counts.at("counter = 10"), 252);
  for (int value = 2; value <= 10; ++value)
    EXPECT_TRUE(counts.contains("counter = " + std::to_string(value))) << value;
  EXPECT_EQ(all.outcomes.front().outcome.text, "counter = 10");  // the right one
  EXPECT_EQ(all.outcomes.back().outcome.text, "counter = 9");
}

TEST(ExploreAll, CountsEachScheduleOnceAsFollowingEachByItselfDoes) {
  for (const Program& program :
       {lost_update({.threads = 2, .increments = 2}), lost_update({.threads = 3, .increments = 1}), crossed_locks(),
        check_then_act(Guard::compare_exchange), locked_update({.threads = 2, .increments = 2}),
        dining_philosophers(3, Manners::left_first)}) {
    std::map<std::string, double> counts;
    std::multiset<std::string> schedules;
    follow_each(GuidedRun(program), counts, schedules);
    EXPECT_EQ(counts_of(explore_all(program)), counts) << program.name();
    EXPECT_EQ(std::set<std::string>(schedules.begin(), schedules.end()).size(), schedules.size()) << program.name();
  }
}

TEST(ExploreAll, GivesExamplesThatEndAsTheySay) {
  for (const Program& program : {lost_update({.threads = 2, .increments = 3}), crossed_locks(), backing_off_locks()}) {
    for (const OutcomeTally& tally : explore_all(program).outcomes)
      EXPECT_EQ(replay(program, tally.example).value().outcome()->text, tally.outcome.text);
  }
}

TEST(ExploreAll, KnowsThatCrossedLocksDeadlockInOneHalfOfARandomSchedulersRuns) {
  const Exploration all = explore_all(crossed_locks());
  EXPECT_EQ(all.likelihood(Kind::deadlock), 0.5);
  EXPECT_EQ(all.schedules(Kind::deadlock), 2);  // of 6: schedules are not equally likely
  EXPECT_EQ(all.schedules(), 6);
  const double sampled = sample_random(crossed_locks(), 1, 10'000).likelihood(Kind::deadlock);
  EXPECT_NEAR(sampled, 0.5, 0.02);  // four standard deviations
}

TEST(ExploreAll, FindsNoDeadlockWhereLocksAreOrdered) {
  for (const Program& program : {ordered_locks(), dining_philosophers(5, Manners::ordered)}) {
    const Exploration all = explore_all(program);
    EXPECT_TRUE(all.complete());
    EXPECT_EQ(all.wrong_schedules(), 0);
    EXPECT_DOUBLE_EQ(all.likelihood(Kind::finished), 1);
  }
}

TEST(ExploreAll, KnowsTheOneDeadlockOfThePhilosophers) {
  // Each order in which all take their left fork: n! schedules.
  EXPECT_EQ(explore_all(dining_philosophers(3, Manners::left_first)).schedules(Kind::deadlock), 6);
  const Exploration five = explore_all(dining_philosophers(5, Manners::left_first));
  EXPECT_EQ(five.schedules(Kind::deadlock), 120);
  EXPECT_EQ(five.schedules(), 2'430'842'120.0);
}

TEST(ExploreAll, CountsALivelockAsOne) {
  const Exploration all = explore_all(backing_off_locks());
  EXPECT_TRUE(all.complete());
  EXPECT_EQ(all.schedules(Kind::deadlock), 0);
  EXPECT_GT(all.schedules(Kind::step_limit), 0);
  EXPECT_GT(all.likelihood(Kind::step_limit), 0);
  EXPECT_LT(all.likelihood(Kind::step_limit), 0.01);
  EXPECT_NEAR(all.likelihood(Kind::step_limit) + all.likelihood(Kind::finished), 1, 1e-12);
  EXPECT_EQ(all.longest, 40U);
}

TEST(ExploreAll, SaysThatItWasCutOffAndHowMuchItLeftOut) {
  const Program program = lost_update({.threads = 2, .increments = 5}, Addition::in_register);
  const Exploration part = explore_all(program, 1000);
  EXPECT_FALSE(part.complete());
  EXPECT_LT(part.schedules(), 184'756);
  EXPECT_GT(part.schedules(), 0);
  EXPECT_NEAR(part.likelihood(Kind::finished) + part.unexplored, 1, 1e-12);
  EXPECT_LE(part.states, 1000U + 20U);
}

TEST(CheckThenAct, SeatsTwoOnOneSeatUnlessTheCheckStillHolds) {
  EXPECT_EQ(explore_all(check_then_act(Guard::none)).wrong_schedules(), 4);
  EXPECT_EQ(explore_all(check_then_act(Guard::lock)).wrong_schedules(), 0);
  EXPECT_EQ(explore_all(check_then_act(Guard::compare_exchange, 3)).wrong_schedules(), 0);
}

TEST(Updates, AreNotLostUnderALockOrByAnAtomicAdd) {
  const Increments size{.threads = 3, .increments = 2};
  EXPECT_EQ(explore_all(locked_update(size)).wrong_schedules(), 0);
  const Exploration atomic = explore_all(atomic_update(size));
  EXPECT_EQ(atomic.wrong_schedules(), 0);
  EXPECT_EQ(atomic.schedules(), 90);  // 6! / 2!^3
}

}  // namespace
}  // namespace waitlab::client::explorer
