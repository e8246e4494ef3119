#include "client/report/ratio.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

// ln 2, 4, 8 has mean ln 4 and standard deviation ln 2; Student's t of 2 degrees at 97.5 % is 4.30265.
TEST(Ratio, GivesAGeometricMeanStudentsInterval) {
  const Estimate mean = geometric_mean({2, 4, 8});
  EXPECT_NEAR(mean.value, 4, 1e-12);
  EXPECT_NEAR(mean.low.value(), 0.714924, 1e-6);
  EXPECT_NEAR(mean.high.value(), 22.379993, 1e-6);
}

TEST(Ratio, KnowsNoIntervalOfOneRun) {
  const Estimate mean = geometric_mean({5});
  EXPECT_NEAR(mean.value, 5, 1e-12);
  EXPECT_FALSE(mean.low || mean.high);
}

// Equal variances (ln 2)²/3 of both means: 4 degrees of freedom, t = 2.77645.
TEST(Ratio, ComparesRepeatsThatVaryAlike) {
  const Estimate ratio = welch_ratio({2, 4, 8}, {1, 2, 4});
  EXPECT_NEAR(ratio.value, 2, 1e-12);
  EXPECT_NEAR(ratio.low.value(), 0.415535, 1e-6);
  EXPECT_NEAR(ratio.high.value(), 9.626144, 1e-6);
}

// Variances (ln 2)²/3 and (ln 2)² of the means: (4/3)² / (1/18 + 1) = 1.6842 degrees of freedom, t = 5.17623.
TEST(Ratio, ComparesRepeatsThatVaryDifferently) {
  const Estimate ratio = welch_ratio({2, 4, 8}, {4, 1});
  EXPECT_NEAR(ratio.value, 2, 1e-12);
  EXPECT_NEAR(ratio.low.value(), 0.031752, 1e-6);
  EXPECT_NEAR(ratio.high.value(), 125.975, 1e-3);
}

TEST(Ratio, IsExactWhereRepeatsAgree) {
  const Estimate ratio = welch_ratio({3, 3}, {2, 2, 2});
  EXPECT_NEAR(ratio.low.value(), 1.5, 1e-12);
  EXPECT_NEAR(ratio.high.value(), 1.5, 1e-12);
  EXPECT_TRUE(ratio.differs_from(1));
  EXPECT_FALSE(welch_ratio({3, 3}, {3, 3}).differs_from(1));
}

// The ratios 2, 4 and 8: as the geometric mean above.
TEST(Ratio, ComparesRepeatsThatVaryTogether) {
  const Estimate ratio = paired_ratio({4, 8, 64}, {2, 2, 8});
  EXPECT_NEAR(ratio.value, 4, 1e-12);
  EXPECT_NEAR(ratio.low.value(), 0.714924, 1e-6);
  EXPECT_NEAR(ratio.high.value(), 22.379993, 1e-6);
}

// ln 1.2 and ln 1.25 have mean ln 1.224745 and standard deviation 0.0288651; t of 1 degree is 12.7062.
TEST(Ratio, KnowsLittleOfTwoPairs) {
  const Estimate ratio = paired_ratio({120, 500}, {100, 400});
  EXPECT_NEAR(ratio.value, 1.224745, 1e-6);
  EXPECT_NEAR(ratio.low.value(), 0.944959, 1e-6);
  EXPECT_NEAR(ratio.high.value(), 1.587370, 1e-6);
}

TEST(Ratio, OfASinglePairHasNoInterval) {
  const Estimate ratio = paired_ratio({3}, {2});
  EXPECT_NEAR(ratio.value, 1.5, 1e-12);
  EXPECT_FALSE(ratio.low || ratio.high);
}

TEST(Ratio, IsExactWherePairsAgree) {
  const Estimate ratio = paired_ratio({3, 30, 300}, {2, 20, 200});
  EXPECT_NEAR(ratio.low.value(), 1.5, 1e-12);
  EXPECT_NEAR(ratio.high.value(), 1.5, 1e-12);
}

// ln 2 - sqrt(ln²(200/180) + ln²(120/100)) = 0.48257, ln 2 + sqrt(ln²(230/200) + ln²(100/95)) = 0.84202.
TEST(Ratio, JoinsTwoIntervalsThatAreNotSymmetric) {
  const Estimate ratio = mover_ratio({200, 180, 230}, {100, 95, 120});
  EXPECT_NEAR(ratio.value, 2, 1e-12);
  EXPECT_NEAR(ratio.low.value(), 1.62024, 1e-4);
  EXPECT_NEAR(ratio.high.value(), 2.32106, 1e-4);
}

TEST(Ratio, MissesTheEndThatNeedsAMissingOne) {
  const Estimate no_high = mover_ratio({200, 180, std::nullopt}, {100, 95, 120});
  EXPECT_TRUE(no_high.low);
  EXPECT_FALSE(no_high.high);
  const Estimate no_low = mover_ratio({200, 180, 230}, {100, 95, std::nullopt});
  EXPECT_FALSE(no_low.low);
  EXPECT_TRUE(no_low.high);
  EXPECT_FALSE(mover_ratio({200}, {100, 95, 120}).low);
}

TEST(Ratio, DiffersFromWhatItsIntervalLeavesOut) {
  EXPECT_TRUE((Estimate{2, 1.1, std::nullopt}).differs_from(1));
  EXPECT_TRUE((Estimate{0.5, std::nullopt, 0.9}).differs_from(1));
  EXPECT_FALSE((Estimate{2, 0.9, 3}).differs_from(1));
  EXPECT_FALSE((Estimate{2}).differs_from(1));
}

TEST(Ratio, IsNoFinerThanItsFigures) {
  const Estimate exact = no_finer_than(0.01, {2, 2, 2});
  EXPECT_NEAR(exact.low.value(), 1.980100, 1e-6);
  EXPECT_NEAR(exact.high.value(), 2.020100, 1e-6);
  const Estimate wide = no_finer_than(0.01, {2, 1, 3});
  EXPECT_EQ(wide.low, 1);
  EXPECT_EQ(wide.high, 3);
  const Estimate open = no_finer_than(0.01, {2});
  EXPECT_FALSE(open.low || open.high);
}

}  // namespace
}  // namespace waitlab::client
