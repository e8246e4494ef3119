#include "client/stats/time_summary.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

CensoredHistogram milliseconds_up_to(int count) {
  CensoredHistogram histogram;
  for (int i = 1; i <= count; ++i)
    histogram.record(std::chrono::milliseconds(i));
  histogram.effective_samples.fill(count);
  return histogram;
}

TEST(TimeSummary, OfNothingIsEmpty) {
  const TimeSummary summary = summarize({});
  EXPECT_FALSE(summary.min.value || summary.mean.value || summary.max.value || summary["p50"].value);
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
  EXPECT_LE(*summary["p999"].value, *summary.max.value);
  EXPECT_NEAR(static_cast<double>(summary["p50"].value->count()), 500e6, 1e6);
}

/// The rank of a value among 1 ms, 2 ms, …; 0 for none.
std::int64_t rank_of(const std::optional<std::chrono::nanoseconds>& value) {
  return value ? std::chrono::floor<std::chrono::milliseconds>(*value).count() : 0;
}

// The ranks are those of tables of binomial order-statistic intervals (Hahn & Meeker 1991, table A.15; Conover 1999).
TEST(TimeSummary, GivesTheOrderStatisticIntervalOfAPercentile) {
  const struct {
    int samples;
    double quantile;
    std::int64_t low, high;
  } cases[] = {{6, 0.5, 1, 6},       {10, 0.5, 2, 9},    {20, 0.5, 6, 15},      {100, 0.5, 40, 61},
               {400, 0.5, 180, 221}, {100, 0.9, 84, 96}, {1000, 0.9, 881, 919}, {1000, 0.99, 983, 997}};
  for (const auto& [samples, quantile, low, high] : cases) {
    const TimeFigure figure = percentile(milliseconds_up_to(samples), quantile);
    EXPECT_EQ(rank_of(figure.low), low) << samples << " samples, quantile " << quantile;
    EXPECT_EQ(rank_of(figure.high), high) << samples << " samples, quantile " << quantile;
  }
}

TEST(TimeSummary, HasNoEndOfAnIntervalWhereTheSamplesSetNone) {
  const TimeFigure median_of_five = percentile(milliseconds_up_to(5), 0.5);
  EXPECT_TRUE(median_of_five.value);
  EXPECT_FALSE(median_of_five.low || median_of_five.high);
  EXPECT_FALSE(percentile(milliseconds_up_to(367), 0.99).low == std::nullopt);
  EXPECT_FALSE(percentile(milliseconds_up_to(300), 0.99).high);
  EXPECT_EQ(rank_of(percentile(milliseconds_up_to(368), 0.99).high), 368);
  EXPECT_FALSE(percentile(milliseconds_up_to(1), 0.5).low) << "no percentile, no interval";
}

TEST(TimeSummary, WidensAnIntervalToWhatTheSamplesAreWorth) {
  CensoredHistogram histogram = milliseconds_up_to(1000);
  histogram.effective_samples = {100.9, 20, 0, 0};  // ranks 40 to 61 of 100, without a part of a sample
  const TimeFigure median = percentile(histogram, 0.5);
  EXPECT_EQ(rank_of(median.low), 395);
  EXPECT_EQ(rank_of(median.high), 605);
  const TimeFigure p90 = percentile(histogram, 0.9);  // ranks 15 to 20 + 1 of 20
  EXPECT_EQ(rank_of(p90.low), 725);
  EXPECT_FALSE(p90.high);
  EXPECT_FALSE(percentile(histogram, 0.99).low || percentile(histogram, 0.99).high) << "not known";
}

TEST(TimeSummary, TakesTheFewestSamplesForAPercentileBetweenTheShownOnes) {
  CensoredHistogram histogram = milliseconds_up_to(1000);
  histogram.effective_samples = {500, 400, 100, 300};
  EXPECT_EQ(rank_of(percentile(histogram, 0.6).low), 495);  // rank 50 of 100
}

TEST(TimeSummary, EndsAnIntervalBeforeTheTimesNobodyKnows) {
  CensoredHistogram histogram = milliseconds_up_to(60);
  for (int i = 0; i < 40; ++i)
    histogram.record_at_least(2s);
  histogram.effective_samples.fill(100);
  const TimeFigure median = percentile(histogram, 0.5);
  EXPECT_FALSE(median.at_least);
  EXPECT_EQ(rank_of(median.low), 40);
  EXPECT_FALSE(median.high) << "rank 61 is a time-out";
  EXPECT_TRUE(percentile(histogram, 0.9).low) << "at least the time-out";
}

TEST(TimeSummary, MarksThePercentilesThatFallAmongTimeouts) {
  CensoredHistogram histogram = milliseconds_up_to(80);
  for (int i = 0; i < 20; ++i)
    histogram.record_at_least(2s);
  const TimeSummary summary = summarize(histogram);
  EXPECT_FALSE(summary.min.at_least);
  EXPECT_FALSE(summary["p50"].at_least);
  EXPECT_TRUE(summary["p90"].at_least);
  EXPECT_TRUE(summary["p99"].at_least);
  EXPECT_TRUE(summary.max.at_least);
  EXPECT_TRUE(summary.mean.at_least);
}

TEST(TimeSummary, MarksWhatUnfinishedRequestsMightHaveTaken) {
  CensoredHistogram histogram = milliseconds_up_to(900);
  histogram.unfinished = 100;
  const TimeSummary summary = summarize(histogram);
  EXPECT_FALSE(summary.min.at_least || summary["p50"].at_least);
  EXPECT_FALSE(percentile(histogram, 0.9).at_least);
  EXPECT_FALSE(percentile(histogram, 0.9).high) << "its interval reaches among them";
  EXPECT_TRUE(percentile(histogram, 0.5).high);
  EXPECT_TRUE(percentile(histogram, 0.91).at_least);
  EXPECT_TRUE(summary["p99"].at_least && summary.max.at_least && summary.mean.at_least);
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
