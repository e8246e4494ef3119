#include "client/report/percentile_curve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// 1 ms, 2 ms and so on.
CensoredHistogram times_up_to(int count) {
  CensoredHistogram times;
  for (int i = 1; i <= count; ++i)
    times.record(i * 1ms);
  return times;
}

double ms_at(const PercentileCurve& curve, double quantile) {
  const auto point =
      std::ranges::find_if(curve, [=](const CurvePoint& p) { return std::abs(p.quantile - quantile) < 1e-9; });
  return point == curve.end() ? -1 : std::chrono::duration<double, std::milli>(point->time).count();
}

TEST(PercentileCurve, HasThePercentilesThatPeopleName) {
  const PercentileCurve curve = percentile_curve(times_up_to(1000));
  EXPECT_NEAR(ms_at(curve, 0), 1, 0.01);
  EXPECT_NEAR(ms_at(curve, 0.5), 500, 0.5);
  EXPECT_NEAR(ms_at(curve, 0.75), 750, 0.75);
  EXPECT_NEAR(ms_at(curve, 0.95), 950, 1);
  EXPECT_NEAR(ms_at(curve, 0.99), 990, 1);
  EXPECT_NEAR(ms_at(curve, 0.995), 995, 1);
}

TEST(PercentileCurve, EndsWhereTheSamplesDo) {
  EXPECT_NEAR(percentile_curve(times_up_to(1000)).back().quantile, 0.999, 1e-9);
  EXPECT_NEAR(percentile_curve(times_up_to(999)).back().quantile, 1 - 1.0 / 800, 1e-9);
  EXPECT_TRUE(percentile_curve({}).empty());
}

TEST(PercentileCurve, EndsWhereTimesAreOnlyLowerBounds) {
  CensoredHistogram times = times_up_to(90);
  for (int i = 0; i < 10; ++i)
    times.record_at_least(1s);
  EXPECT_NEAR(percentile_curve(times).back().quantile, 0.9, 1e-9);
}

}  // namespace
}  // namespace waitlab::client
