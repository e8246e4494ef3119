#include "client/check/stray.hpp"

#include "client/check/stays.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr double share = 0.95;

/// The bands that 95 % of honest runs keep to, each figure taken alone; times in ms.
struct Honest {
  double rate;
  std::size_t requests;
  Band wait_share, mean, p99;
};

void PrintTo(const Honest& honest, std::ostream* out) {
  *out << honest.rate << "/s, " << honest.requests << " requests";
}

class HonestRuns : public testing::TestWithParam<Honest> {};

INSTANTIATE_TEST_SUITE_P(Golden, HonestRuns,
                         testing::Values(Honest{80, 10'000, {0.047, 0.072}, {49.6, 52.0}, {222, 241}},
                                         Honest{128, 10'000, {0.408, 0.511}, {59.5, 71.6}, {239, 289}},
                                         Honest{128, 60'000, {0.436, 0.482}, {62.1, 66.8}, {248, 271}},
                                         Honest{144, 60'000, {0.672, 0.733}, {85.9, 106.7}, {305, 460}},
                                         Honest{152, 60'000, {0.809, 0.882}, {127, 201}, {428, 957}}));

/// Ends of bands are themselves estimates: each may be off by a quarter of the band's width.
void expect_near(const Band& found, const Band& golden, double unit) {
  const double slack = (golden.high - golden.low) / 4;
  EXPECT_NEAR(found.low * unit, golden.low, slack);
  EXPECT_NEAR(found.high * unit, golden.high, slack);
}

TEST_P(HonestRuns, StrayAsFarAsTheTableSays) {
  const Honest& honest = GetParam();
  FigureSample wait_shares, means, p99s;
  simulate_runs({.requests = honest.requests, .rate = honest.rate, .threads = 8, .holds = {}, .mean_hold = 50ms}, {},
                [&](const std::vector<Stay>& run) {
                  const QueueFigures figures = queue_figures(run, 0ns);
                  wait_shares.push_back(figures.wait_share);
                  means.push_back(figures.mean.count());
                  p99s.push_back(figures.p99.count());
                });
  expect_near(joint_bands({wait_shares}, share)[0], honest.wait_share, 1);
  expect_near(joint_bands({means}, share)[0], honest.mean, 1e3);
  expect_near(joint_bands({p99s}, share)[0], honest.p99, 1e3);
}

TEST(JointBands, LeaveOutTheEndsOfASingleFigure) {
  FigureSample values(400);
  std::iota(values.begin(), values.end(), 0);
  std::reverse(values.begin(), values.end());
  const Band band = joint_bands({values}, share)[0];
  EXPECT_EQ(band.low, 10);
  EXPECT_EQ(band.high, 389);
}

TEST(JointBands, HoldTheirShareOfTheRunsInAllFiguresAtOnce) {
  // Two figures whose extremes are different runs.
  FigureSample first(400), second(400);
  for (std::size_t run = 0; run < 400; ++run) {
    first[run] = static_cast<double>(run);
    second[run] = static_cast<double>((run + 200) % 400);
  }
  const auto bands = joint_bands({first, second}, share);
  int inside = 0;
  for (std::size_t run = 0; run < 400; ++run)
    inside += bands[0].holds(first[run]) && bands[1].holds(second[run]) ? 1 : 0;
  EXPECT_EQ(inside, 380);
  EXPECT_EQ(bands[0].low, 5);
}

TEST(JointBands, AreNoWiderForAFigureThatIsTheSameInAllRuns) {
  FigureSample values(400);
  std::iota(values.begin(), values.end(), 0);
  const auto bands = joint_bands({values, FigureSample(400, 0.0)}, share);
  EXPECT_EQ(bands[0].low, 10);
  EXPECT_EQ(bands[0].high, 389);
  EXPECT_EQ(bands[1].low, 0);
  EXPECT_EQ(bands[1].high, 0);
}

TEST(PlanSimulation, LeavesAllCheckedRunsTogetherOneFalseAlarmInTwenty) {
  EXPECT_DOUBLE_EQ(plan_simulation(1).share, 0.95);
  EXPECT_EQ(plan_simulation(1).runs, 400U);
  EXPECT_DOUBLE_EQ(plan_simulation(10).share, 0.995);
  EXPECT_EQ(plan_simulation(10).runs, 1'000U);
}

TEST(PlanSimulation, LeavesOutAsManyRunsAsItPlans) {
  const SimulationPlan plan = plan_simulation(9);
  FigureSample values(plan.runs);
  std::iota(values.begin(), values.end(), 0);
  EXPECT_EQ(joint_bands({values}, plan.share)[0].low, 2);  // 5 of 900, less than 3 at either end
}

TEST(SimulateRuns, AreTheSameForTheSameSeed) {
  const SimulatedQueue queue{.requests = 100, .rate = 100, .threads = 2, .holds = {5ms, 15ms}, .mean_hold = 10ms};
  std::vector<std::chrono::nanoseconds> first, second;
  simulate_runs(queue, {.seed = 7}, [&](const auto& run) { first.push_back(run.back().ended); });
  simulate_runs(queue, {.seed = 7}, [&](const auto& run) { second.push_back(run.back().ended); });
  EXPECT_EQ(first, second);
  EXPECT_NE(first[0], first[1]);
}

TEST(SimulateRuns, NeverWaitWithoutALimitOfThreads) {
  const SimulatedQueue queue{.requests = 100, .rate = 100, .threads = 0, .holds = {5ms, 15ms}, .mean_hold = 10ms};
  simulate_runs(queue, {.seed = 7}, [](const auto& run) {
    for (const Stay& stay : run) {
      ASSERT_EQ(stay.wait(), 0ns);
      ASSERT_TRUE(stay.hold() == 5ms || stay.hold() == 15ms);
    }
  });
}

}  // namespace
}  // namespace waitlab::client
