#include "client/schedule/arrival_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

std::vector<Arrival> all_of(const Arrivals& arrivals, const ArrivalLimits& limits, unsigned threads = 1) {
  std::vector<Arrival> all;
  for (unsigned index = 0; index < threads; ++index) {
    for (ArrivalPlan plan(arrivals, limits, index, threads); plan.next(); plan.advance())
      all.push_back(*plan.next());
  }
  std::sort(all.begin(), all.end(), [](const Arrival& a, const Arrival& b) { return a.n < b.n; });
  return all;
}

std::size_t measured_in(const std::vector<Arrival>& arrivals) {
  return static_cast<std::size_t>(
      std::count_if(arrivals.begin(), arrivals.end(), [](const Arrival& arrival) { return arrival.measured; }));
}

TEST(ArrivalPlan, GivesTheSameProcessForAnyNumberOfThreads) {
  const Arrivals arrivals(ArrivalKind::poisson, 1000, 3);
  const ArrivalLimits limits{.warmup = 500ms, .duration = 2s, .requests = {}};
  const auto alone = all_of(arrivals, limits);
  for (const unsigned threads : {2u, 3u, 8u}) {
    const auto together = all_of(arrivals, limits, threads);
    ASSERT_EQ(together.size(), alone.size());
    for (std::size_t i = 0; i < alone.size(); ++i) {
      EXPECT_EQ(together[i].n, alone[i].n);
      EXPECT_EQ(together[i].offset, alone[i].offset);
      EXPECT_EQ(together[i].measured, alone[i].measured);
    }
  }
}

TEST(ArrivalPlan, EndsWithTheDuration) {
  const auto all = all_of({ArrivalKind::constant, 100, 1}, {.warmup = 0s, .duration = 2s, .requests = {}});
  EXPECT_EQ(all.size(), 200u);
  EXPECT_EQ(all.back().offset, 1990ms);
}

TEST(ArrivalPlan, CountsOnlyMeasuredRequests) {
  const auto all = all_of({ArrivalKind::poisson, 100, 1}, {.warmup = 1s, .duration = {}, .requests = 50}, 4);
  EXPECT_EQ(measured_in(all), 50u);
  EXPECT_GT(all.size(), 50u);
}

TEST(ArrivalPlan, EndsAtWhicheverLimitComesFirst) {
  const Arrivals arrivals(ArrivalKind::constant, 100, 1);
  EXPECT_EQ(all_of(arrivals, {.warmup = 0s, .duration = 1s, .requests = 30}).size(), 30u);
  EXPECT_EQ(all_of(arrivals, {.warmup = 0s, .duration = 1s, .requests = 300}).size(), 100u);
}

TEST(ArrivalPlan, MeasuresFromTheEndOfTheWarmup) {
  const auto all = all_of({ArrivalKind::constant, 10, 1}, {.warmup = 1s, .duration = 1s, .requests = {}});
  ASSERT_EQ(all.size(), 20u);
  EXPECT_FALSE(all[9].measured);
  EXPECT_TRUE(all[10].measured);
  EXPECT_EQ(all[10].offset, 1s);
}

TEST(ArrivalPlan, SaysWhichStepAnArrivalBelongsTo) {
  const Arrivals arrivals(ArrivalKind::constant, RateCurve({{10, 10, 1s}, {20, 20, 1s}}, 1s), 1);
  const auto all = all_of(arrivals, {.warmup = 1s, .duration = 2s, .requests = {}}, 3);
  ASSERT_EQ(all.size(), 10u + 10u + 20u);
  EXPECT_EQ(all[19].step, 0u);
  EXPECT_EQ(all[20].step, 1u);
  EXPECT_EQ(all[20].offset, 2s);
  EXPECT_EQ(all.back().offset, 2950ms);
}

}  // namespace
}  // namespace waitlab::client
