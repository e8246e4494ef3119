#include "client/explorer/exploration.hpp"
#include "client/explorer/programs.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace waitlab::client::explorer {
namespace {

using Kind = Outcome::Kind;

constexpr std::uint64_t seed = 7;
constexpr std::uint64_t runs = 10'000;

ThreadSteps write_1_to_3(Variable x) {
  for (Value value = 1; value <= 3; ++value)
    co_await store(x, value);
}

ThreadSteps read_twice(Variable x, Variable first, Variable second) {
  const Value earlier = co_await load(x);
  const Value later = co_await load(x);
  co_await store(first, earlier);
  co_await store(second, later);
}

/// Wrong if one thread reads 1 and then 3: both of the reader's loads have to be in their places, which takes three
/// constraints.
Program bug_of_depth_three() {
  Program program("reads 1, then 3");
  const Variable x = program.variable("x", 0);
  const Variable first = program.variable("first", 0);
  const Variable second = program.variable("second", 0);
  program.thread([=] { return write_1_to_3(x); });
  program.thread([=] { return read_twice(x, first, second); });
  program.expect([](const std::vector<Value>& values) { return values[1] != 1 || values[2] != 3; });
  return program;
}

/// The share of wrong runs that a probability of at least this does not fall below but by five standard deviations.
double least_share(double probability) {
  return probability - 5 * std::sqrt(probability / static_cast<double>(runs));
}

TEST(SampleRandom, AgreesWithTheExactLikelihoods) {
  for (const Program& program : {lost_update({.threads = 2, .increments = 2}),
                                 dining_philosophers(3, Manners::left_first), check_then_act(Guard::none, 3)}) {
    const double exact = explore_all(program).wrong_likelihood();
    const double deviation = std::sqrt(exact * (1 - exact) / static_cast<double>(runs));
    EXPECT_NEAR(sample_random(program, seed, runs).wrong_likelihood(), exact, 5 * deviation) << program.name();
  }
}

TEST(SampleRandom, IsThatOfItsSeed) {
  const Program program = lost_update({.threads = 3, .increments = 3});
  EXPECT_EQ(random_run(program, 1, 5).schedule(), random_run(program, 1, 5).schedule());
  EXPECT_NE(random_run(program, 1, 5).schedule(), random_run(program, 1, 6).schedule());
  EXPECT_NE(random_run(program, 1, 5).schedule(), random_run(program, 2, 5).schedule());
}

TEST(SampleRandom, IsOfTheRunsThatCanBeHadOneByOne) {
  const Program program = crossed_locks();
  double deadlocks = 0;
  for (std::uint64_t n = 0; n < 50; ++n)
    deadlocks += random_run(program, seed, n).outcome()->kind == Kind::deadlock ? 1 : 0;
  const Exploration sample = sample_random(program, seed, 50);
  EXPECT_EQ(sample.schedules(Kind::deadlock), deadlocks);
  EXPECT_EQ(sample.schedules(), 50);
  EXPECT_TRUE(sample.complete());
}

TEST(SampleRandom, CountsLivelocks) {
  Program program = backing_off_locks();
  program.limit_steps(12);
  const Exploration sample = sample_random(program, seed, runs);
  EXPECT_GT(sample.schedules(Kind::step_limit), 0);
  EXPECT_EQ(sample.longest, 12U);
}

TEST(Pct, FindsBugsOfDepthTwoAsOftenAsItGuarantees) {
  for (const Program& program : {lost_update({}), crossed_locks(), dining_philosophers(2, Manners::left_first)}) {
    const PctSettings settings{.depth = 2, .steps = static_cast<unsigned>(explore_all(program).longest)};
    const double guaranteed = pct_guarantee(2, settings);
    EXPECT_GE(sample_pct(program, settings, seed, runs).wrong_likelihood(), least_share(guaranteed)) << program.name();
  }
}

TEST(Pct, FindsABugOfDepthThreeAsOftenAsItGuaranteesButNotAtDepthTwo) {
  const Program program = bug_of_depth_three();
  ASSERT_GT(explore_all(program).wrong_schedules(), 0);
  const PctSettings settings{.depth = 3, .steps = 7};
  EXPECT_DOUBLE_EQ(pct_guarantee(2, settings), 1.0 / 98);
  EXPECT_GE(sample_pct(program, settings, seed, runs).wrong_likelihood(), least_share(1.0 / 98));
  EXPECT_EQ(sample_pct(program, {.depth = 2, .steps = 7}, seed, runs).wrong_schedules(), 0);
}

TEST(Pct, RunsThreadsOneAfterAnotherAtDepthOne) {
  const Exploration sample = sample_pct(lost_update({.threads = 3, .increments = 2}), {.depth = 1}, seed, 100);
  EXPECT_EQ(sample.wrong_schedules(), 0);
  EXPECT_EQ(pct_guarantee(3, {.depth = 1, .steps = 18}), 1.0 / 3);
}

TEST(Pct, DrawsEveryChangePointAndPriorityAlike) {
  // Crossed locks deadlock only if the change comes after the first of 8 steps, whoever is first.
  const Exploration sample = sample_pct(crossed_locks(), {.depth = 2, .steps = 8}, seed, runs);
  EXPECT_NEAR(sample.likelihood(Kind::deadlock), 1.0 / 8, 0.0165);  // five standard deviations
}

TEST(Pct, TakesTheLongestOfSomeRandomRunsForTheStepsThatItIsNotTold) {
  const Program program = lost_update({});
  EXPECT_EQ(pct_run(program, {.depth = 2}, seed, 3).schedule(),
            pct_run(program, {.depth = 2, .steps = 6}, seed, 3).schedule());
}

TEST(Pct, SetsAThreadThatPausesAside) {
  EXPECT_EQ(sample_pct(backing_off_locks(), {.depth = 3}, seed, 1000).schedules(Kind::step_limit), 0);
}

}  // namespace
}  // namespace waitlab::client::explorer
