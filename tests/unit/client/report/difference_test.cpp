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
