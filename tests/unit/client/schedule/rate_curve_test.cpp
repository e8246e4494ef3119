#include "client/schedule/rate_curve.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

/// 100/s for 2 s, then rising to 300/s over 4 s, after a warm-up of 1 s.
RateCurve curve() {
  return {{{100, 100, 2s}, {100, 300, 4s}}, 1s};
}

TEST(RateCurve, StaysExactAfterBillionsOfArrivals) {
  const RateCurve seven(7.0);
  EXPECT_EQ(seven.time_at(10'000'000'007.0L) - seven.time_at(10'000'000'000.0L), 1s);
  EXPECT_EQ(seven.time_at(7.0L), 1s);
}

TEST(RateCurve, ExpectsTheAreaUnderTheRate) {
  EXPECT_DOUBLE_EQ(curve().expected(1s), 100);
  EXPECT_DOUBLE_EQ(curve().expected(3s), 300);
  EXPECT_DOUBLE_EQ(curve().expected(5s), 300 + 2 * (100 + 200) / 2.0);
  EXPECT_DOUBLE_EQ(curve().expected(7s), 300 + 4 * 200);
  EXPECT_DOUBLE_EQ(curve().expected(8s), 1100 + 300);
}

TEST(RateCurve, FindsTheMomentOfAnArrivalOnEachPiece) {
  EXPECT_EQ(curve().time_at(50), 500ms);
  EXPECT_EQ(curve().time_at(300), 3s);
  EXPECT_EQ(curve().time_at(600), 5s);
  EXPECT_EQ(curve().time_at(1400), 8s);
}

TEST(RateCurve, InvertsItsExpectation) {
  for (std::chrono::nanoseconds at = 0s; at < 9s; at += 37ms)
    EXPECT_NEAR(static_cast<double>(curve().time_at(curve().expected(at)).count()), static_cast<double>(at.count()),
                10);
}

TEST(RateCurve, InvertsItsExpectationWhereTheRateFalls) {
  const RateCurve falling({{1000, 1, 10s}}, 0s);
  for (std::chrono::nanoseconds at = 0s; at < 10s; at += 370ms)
    EXPECT_NEAR(static_cast<double>(falling.time_at(falling.expected(at)).count()), static_cast<double>(at.count()),
                1000);
}

TEST(RateCurve, KnowsItsRateAtAnyMoment) {
  EXPECT_DOUBLE_EQ(curve().rate_at(0s), 100);
  EXPECT_DOUBLE_EQ(curve().rate_at(5s), 200);
  EXPECT_DOUBLE_EQ(curve().rate_at(1h), 300);
}

TEST(RateCurve, CountsTheWarmupToTheFirstSegmentAndWhatFollowsToTheLast) {
  EXPECT_EQ(curve().segment_at(0s), 0u);
  EXPECT_EQ(curve().segment_at(3s - 1ns), 0u);
  EXPECT_EQ(curve().segment_at(3s), 1u);
  EXPECT_EQ(curve().segment_at(1h), 1u);
}

TEST(Ramp, IsCutIntoPartsThatMeet) {
  const auto parts = ramp(100, 1000, 10s, 3);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_DOUBLE_EQ(parts[0].from, 100);
  EXPECT_DOUBLE_EQ(parts[0].to, 400);
  EXPECT_DOUBLE_EQ(parts[1].from, 400);
  EXPECT_DOUBLE_EQ(parts[2].to, 1000);
  EXPECT_EQ(parts[0].duration + parts[1].duration + parts[2].duration, 10s);
}

}  // namespace
}  // namespace waitlab::client
