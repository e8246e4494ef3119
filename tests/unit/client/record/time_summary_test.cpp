#include "client/record/time_summary.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

CensoredHistogram milliseconds_up_to(int count) {
  CensoredHistogram histogram;
  for (int i = 1; i <= count; ++i)
    histogram.record(std::chrono::milliseconds(i));
  return histogram;
}

TEST(TimeSummary, OfNothingIsEmpty) {
  const TimeSummary summary = summarize({});
  EXPECT_FALSE(summary.min.value || summary.mean.value || summary.max.value || summary.p50.value);
}

TEST(TimeSummary, ShowsAPercentileOnlyWithTheSamplesToCarryIt) {
  EXPECT_FALSE(percentile(milliseconds_up_to(1), 0.5).value);
  EXPECT_TRUE(percentile(milliseconds_up_to(2), 0.5).value);
  EXPECT_FALSE(percentile(milliseconds_up_to(99), 0.99).value);
  EXPECT_TRUE(percentile(milliseconds_up_to(100), 0.99).value);
  EXPECT_FALSE(percentile(milliseconds_up_to(999), 0.999).value);
  EXPECT_TRUE(percentile(milliseconds_up_to(1000), 0.999).value);
}

TEST(TimeSummary, KeepsPercentilesWithinTheLargestValue) {
  const TimeSummary summary = summarize(milliseconds_up_to(1000));
  EXPECT_LE(*summary.p999.value, *summary.max.value);
  EXPECT_NEAR(static_cast<double>(summary.p50.value->count()), 500e6, 1e6);
}

TEST(TimeSummary, MarksThePercentilesThatFallAmongTimeouts) {
  CensoredHistogram histogram = milliseconds_up_to(80);
  for (int i = 0; i < 20; ++i)
    histogram.record_at_least(2s);
  const TimeSummary summary = summarize(histogram);
  EXPECT_FALSE(summary.min.at_least);
  EXPECT_FALSE(summary.p50.at_least);
  EXPECT_TRUE(summary.p90.at_least);
  EXPECT_TRUE(summary.p99.at_least);
  EXPECT_TRUE(summary.max.at_least);
  EXPECT_TRUE(summary.mean.at_least);
}

TEST(TimeSummary, HasNoMeasuredMinimumWhereAllTimedOut) {
  CensoredHistogram histogram;
  histogram.record_at_least(1'234'567'891ns);
  EXPECT_TRUE(summarize(histogram).min.at_least);
}

// A request sent late and then timed out is known for a short while only: what lies above may be larger in truth.
TEST(TimeSummary, MarksAPercentileAboveAnEarlyLowerBound) {
  CensoredHistogram histogram = milliseconds_up_to(99);
  histogram.record_at_least(10ms);
  EXPECT_TRUE(percentile(histogram, 0.5).at_least);
}

}  // namespace
}  // namespace waitlab::client
