#include "client/report/difference.hpp"

#include "tests/unit/client/report/figures_of.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

TEST(Difference, NeedsAnIntervalThatLeavesOutOneAndARatioThatMatters) {
  const Spread low = spread_of({98, 100, 102});
  EXPECT_TRUE(differs(low, spread_of({118, 120, 122})));
  EXPECT_TRUE(higher(spread_of({118, 120, 122}), low));
  EXPECT_FALSE(higher(low, spread_of({118, 120, 122})));
  EXPECT_FALSE(differs(low, spread_of({103, 130, 165}))) << "the repeats are too far apart";
  EXPECT_FALSE(differs(low, spread_of({111, 112, 113}))) << "too small to matter";
  EXPECT_FALSE(differs(low, std::nullopt));
}

TEST(Difference, IsSeenThoughRepeatsAreFarApartWhereTheyVaryTogether) {
  EXPECT_TRUE(higher(spread_of({120, 241, 481}), spread_of({100, 200, 400})));
  EXPECT_FALSE(differs(spread_of({481, 120, 241}), spread_of({100, 200, 400})));
}

TEST(Difference, HoldsEachRepeatAgainstItsOwn) {
  const Spread all = spread_of({100, 200, 400});
  const Spread last_two = spread_of({{1, 400}, {2, 800}});
  EXPECT_EQ(shared_repeats(all, last_two), 2U);
  const Estimate ratio = ratio_of(last_two, all);
  EXPECT_NEAR(ratio.value, 2, 1e-12);
  EXPECT_NEAR(ratio.low.value(), 2, 1e-12) << "both ratios are 2";
  EXPECT_TRUE(higher(last_two, all));
}

TEST(Difference, ASingleRepeatMustShowMore) {
  EXPECT_FALSE(differs(spread_of({100}), spread_of({140})));
  EXPECT_TRUE(differs(spread_of({100}), spread_of({160})));
}

/// A percentile of one repeat, with the interval of its run.
Spread sampled(double value, double low, double high) {
  Spread spread = spread_of({value});
  spread.within[0] = {.value = value, .low = low, .high = high};
  return spread;
}

TEST(Difference, OfASingleRepeatIsJudgedByTheIntervalsOfItsRuns) {
  EXPECT_TRUE(higher(sampled(300, 280, 320), sampled(100, 90, 110)));
  EXPECT_FALSE(higher(sampled(1800, 100, 9000), sampled(100, 50, 200))) << "18 times, and yet chance";
  EXPECT_NEAR(ratio_of(sampled(300, 280, 320), sampled(100, 90, 110)).low.value(), 2.66, 0.01);
  Spread unknown = sampled(300, 280, 320);
  unknown.within[0] = {.value = 300};
  EXPECT_FALSE(higher(unknown, sampled(100, 90, 110))) << "too few samples for an interval";
}

TEST(Difference, MustStandOutOfAllThatAreLookedAt) {
  const Spread high = sampled(160, 150, 171);
  const Spread low = sampled(100, 66, 152);
  EXPECT_TRUE(higher(high, low, 1));
  EXPECT_FALSE(higher(high, low, 10));
}

TEST(Difference, ThatRepeatsShowMayBeChanceToTheRunsThemselves) {
  Spread high = spread_of({120, 121, 122});
  Spread low = spread_of({100, 101, 102});
  EXPECT_TRUE(higher(high, low));
  for (const auto& [repeat, value] : high.by_repeat)
    high.within[repeat] = {.value = value, .low = value / 2, .high = value * 2};
  for (const auto& [repeat, value] : low.by_repeat)
    low.within[repeat] = {.value = value, .low = value / 2, .high = value * 2};
  EXPECT_FALSE(higher(high, low));
  EXPECT_LT(ratio_of(high, low).low.value(), 1) << "the bracket has both intervals";
}

TEST(Difference, KnowsNoChanceOfASingleRepeatInCommon) {
  const Spread often = spread_of({100, 200, 400});
  const Spread once = spread_of({{1, 280}});
  EXPECT_EQ(shared_repeats(often, once), 1U);
  EXPECT_NEAR(ratio_of(once, often).value, 1.4, 1e-12);
  EXPECT_FALSE(ratio_of(once, often).low);
  EXPECT_FALSE(differs(once, often));
  EXPECT_TRUE(higher(spread_of({{1, 320}}), often));
}

TEST(Difference, TakesAllRepeatsWhereNoneIsInCommon) {
  const Spread first = spread_of({{0, 2}});
  const Spread others = spread_of({{1, 4}, {2, 9}});
  EXPECT_EQ(shared_repeats(first, others), 0U);
  EXPECT_NEAR(ratio_of(others, first).value, 3, 1e-12);
  EXPECT_FALSE(ratio_of(others, first).low);
}

TEST(Difference, TakesRangesWhereARepeatHadNone) {
  EXPECT_TRUE(differs(spread_of({0, 0, 0}), spread_of({1, 2, 3})));
  EXPECT_TRUE(higher(spread_of({1, 2, 3}), spread_of({0, 0, 0})));
  EXPECT_FALSE(differs(spread_of({0, 0, 2}), spread_of({1, 2, 3})));
  EXPECT_FALSE(differs(spread_of({0}), spread_of({0})));
  EXPECT_FALSE(differs(spread_of({0, 0}), spread_of({0, 0})));
}

}  // namespace
}  // namespace waitlab::client
