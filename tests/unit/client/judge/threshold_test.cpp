#include "client/judge/threshold.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Metric = Threshold::Metric;
using Order = Threshold::Order;

std::string error_of(std::string_view text) {
  const auto threshold = parse_threshold(text);
  return threshold ? "accepted" : threshold.error().message;
}

ThresholdOutcome outcome(std::string_view text, const LoadResult& result) {
  return hold_against(parse_threshold(text).value(), result);
}

bool met(std::string_view text, const LoadResult& result) {
  return outcome(text, result).met;
}

/// Response times of 1 ms, 2 ms … in steps of 1 ms, each 1 ms longer than its service time.
LoadResult responses(int count) {
  LoadResult result;
  for (int i = 1; i <= count; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0ns, .sent = 1ms, .ended = i * 1ms + 1ms}, 200);
  }
  result.record.response_time.effective_samples.fill(count);
  return result;
}

TEST(Threshold, ReadsAPercentileOfTheResponseTime) {
  const Threshold threshold = parse_threshold("p99<200ms").value();
  EXPECT_EQ(threshold.text, "p99<200ms");
  EXPECT_EQ(threshold.metric, Metric::percentile);
  EXPECT_DOUBLE_EQ(threshold.quantile, 0.99);
  EXPECT_FALSE(threshold.service);
  EXPECT_EQ(threshold.order, Order::less);
  EXPECT_DOUBLE_EQ(threshold.limit, 200e6);
}

TEST(Threshold, ReadsEveryPercentile) {
  EXPECT_DOUBLE_EQ(parse_threshold("p50<1s").value().quantile, 0.5);
  EXPECT_DOUBLE_EQ(parse_threshold("p5<1s").value().quantile, 0.05);
  EXPECT_DOUBLE_EQ(parse_threshold("p97.5<1s").value().quantile, 0.975);
  EXPECT_DOUBLE_EQ(parse_threshold("p99.99<1s").value().quantile, 0.9999);
}

TEST(Threshold, ReadsPercentilesAsResultFilesNameThem) {
  EXPECT_DOUBLE_EQ(parse_threshold("p999<1s").value().quantile, 0.999);
  EXPECT_DOUBLE_EQ(parse_threshold("p9999<1s").value().quantile, 0.9999);
}

TEST(Threshold, ReadsEveryOrderWithSpacesAround) {
  EXPECT_EQ(parse_threshold("mean < 1s").value().order, Order::less);
  EXPECT_EQ(parse_threshold("mean<= 1s").value().order, Order::at_most);
  EXPECT_EQ(parse_threshold(" min >1s ").value().order, Order::greater);
  EXPECT_EQ(parse_threshold("max>=1s").value().order, Order::at_least);
}

TEST(Threshold, ReadsTheOtherMetrics) {
  EXPECT_EQ(parse_threshold("mean<1s").value().metric, Metric::mean);
  EXPECT_EQ(parse_threshold("min<1s").value().metric, Metric::min);
  EXPECT_EQ(parse_threshold("max<1s").value().metric, Metric::max);
  EXPECT_EQ(parse_threshold("rate>380").value().metric, Metric::rate);
  EXPECT_DOUBLE_EQ(parse_threshold("rate>380.5/s").value().limit, 380.5);
  EXPECT_TRUE(parse_threshold("service_p99<1s").value().service);
  EXPECT_EQ(parse_threshold("service_max<1s").value().metric, Metric::max);
}

TEST(Threshold, TellsAShareOfErrorsFromACount) {
  EXPECT_EQ(parse_threshold("errors<10").value().metric, Metric::errors);
  EXPECT_DOUBLE_EQ(parse_threshold("errors<10").value().limit, 10);
  EXPECT_EQ(parse_threshold("errors<0.5 %").value().metric, Metric::error_share);
  EXPECT_DOUBLE_EQ(parse_threshold("errors<0.5%").value().limit, 0.005);
}

TEST(Threshold, NamesTheNearestMetric) {
  EXPECT_THAT(error_of("erors<1"), HasSubstr("threshold 'erors<1': 'erors' is not known, did you mean 'errors'?"));
  EXPECT_THAT(error_of("servce_p99<1s"), HasSubstr("did you mean 'service_p99'?"));
  EXPECT_THAT(error_of("throughput<1s"), HasSubstr("'throughput' is not known; known are rate, errors, mean"));
}

TEST(Threshold, RefusesPercentilesThatAreNone) {
  for (const char* text : {"p0<1s", "p100<1s", "p950<1s", "p<1s", "p-5<1s", "pinf<1s", "service_rate>1", "<1s"})
    EXPECT_THAT(error_of(text), HasSubstr("is not known")) << text;
}

TEST(Threshold, SaysHowToWriteAnOrder) {
  EXPECT_THAT(error_of(""), HasSubstr("there is no order (< <= > >=)"));
  EXPECT_THAT(error_of("p99 200ms"), HasSubstr("there is no order"));
  EXPECT_THAT(error_of("errors=0"), HasSubstr("'=' is no order; use < <= > or >= ('errors<1'"));
  EXPECT_THAT(error_of("errors==0"), HasSubstr("'==' is no order"));
  EXPECT_THAT(error_of("p99=<1s"), HasSubstr("'=<' is no order"));
}

TEST(Threshold, RefusesALimitOfTheWrongKind) {
  EXPECT_THAT(error_of("p99<200"), HasSubstr("200"));
  EXPECT_THAT(error_of("p99<200"), HasSubstr("an example is 'p99<200ms'"));
  EXPECT_THAT(error_of("rate>fast"), HasSubstr("'fast' is no rate"));
  EXPECT_THAT(error_of("rate>nan"), HasSubstr("is no rate"));
  for (const char* text : {"errors<", "errors<0.01", "errors<-1", "errors<101%", "errors<1ms"})
    EXPECT_THAT(error_of(text), HasSubstr("is no limit for errors")) << text;
}

TEST(Threshold, ComparesThePercentileThatWasFound) {
  const LoadResult result = responses(200);
  EXPECT_TRUE(met("p50<110ms", result));
  EXPECT_FALSE(met("p50<90ms", result));
  EXPECT_TRUE(met("p50>90ms", result));
  EXPECT_FALSE(met("p50>110ms", result));
  EXPECT_EQ(outcome("p50<1s", result).found, "101 ms");
  EXPECT_EQ(outcome("p50<1s", result).text, "p50<1s");
}

TEST(Threshold, ComparesMeanLeastAndMost) {
  const LoadResult result = responses(201);
  EXPECT_EQ(outcome("mean<1s", result).found, "102 ms");
  EXPECT_EQ(outcome("min<1s", result).found, "2 ms");
  EXPECT_EQ(outcome("max<1s", result).found, "202 ms");
}

TEST(Threshold, ComparesTheServiceTimeIfAsked) {
  const LoadResult result = responses(200);
  EXPECT_EQ(outcome("service_max<1s", result).found, "200 ms");
  EXPECT_EQ(outcome("service_p50<1s", result).found, "100 ms");
}

TEST(Threshold, ShowsTheIntervalOfAPercentileIfTheLimitLiesInIt) {
  const LoadResult result = responses(200);
  EXPECT_EQ(outcome("p50<102ms", result).found, "101 ms (95 %: 87 - 116 ms)");
  EXPECT_EQ(outcome("p50<200ms", result).found, "101 ms");
  EXPECT_EQ(outcome("p50>50ms", result).found, "101 ms");
}

TEST(Threshold, IsNotMetByAPercentileWithoutTheSamples) {
  const LoadResult result = responses(99);
  EXPECT_FALSE(met("p99<10s", result));
  EXPECT_FALSE(met("p99>1ns", result));
  EXPECT_EQ(outcome("p99<10s", result).found, "too few samples");
  EXPECT_TRUE(met("p99<10s", responses(100)));
}

TEST(Threshold, IsNotMetBelowALimitByALowerBound) {
  LoadResult result = responses(100);
  for (int i = 0; i < 100; ++i)
    result.record.time_out(ErrorKind::timeout, {}, 2s);
  EXPECT_FALSE(met("p99<200ms", result));
  EXPECT_FALSE(met("p99<10s", result)) << "it may have been more";
  EXPECT_FALSE(met("p99<=10s", result));
  EXPECT_TRUE(met("p99>1s", result));
  EXPECT_TRUE(met("p99>=1s", result));
  EXPECT_FALSE(met("p99>3s", result)) << "it may have been less";
  EXPECT_EQ(outcome("p99<10s", result).found, "> 2.00 s");
  EXPECT_TRUE(met("p50<200ms", responses(100))) << "the median is not censored";
}

// As no table tells it: 9 responses, or 49 ms, of a longer run may be anything.
TEST(Threshold, IsNotMetByARateThatIsNone) {
  LoadResult result = responses(100);
  for (const auto& [completed, window] :
       {std::pair<std::uint64_t, std::chrono::nanoseconds>(9, 999ms), {1'000, 49ms}, {1, 1us}}) {
    result.window = window;
    result.record.completed_in_window = completed;
    EXPECT_FALSE(met("rate>1", result));
    EXPECT_FALSE(met("rate<1000000", result));
  }
  EXPECT_EQ(outcome("rate>1", result).found, "1 response in 1 us makes no rate");
  result.window = 50ms;
  result.record.completed_in_window = 10;
  EXPECT_EQ(outcome("rate>100", result).found, "200.0/s");
  result.window = 1s;
  result.record.completed_in_window = 2;
  EXPECT_TRUE(met("rate<=2", result));
}

TEST(Threshold, ComparesTheAchievedRate) {
  LoadResult result = responses(100);
  result.window = 10s;
  result.record.completed_in_window = 95;
  EXPECT_TRUE(met("rate>=9.5", result));
  EXPECT_FALSE(met("rate>9.5", result));
  EXPECT_TRUE(met("rate<=9.5", result));
  EXPECT_FALSE(met("rate<9.5", result));
  EXPECT_EQ(outcome("rate>9", result).found, "9.5/s");
}

TEST(Threshold, CountsErrorsAsAShareOfWhatEnded) {
  LoadResult result = responses(97);
  for (int i = 0; i < 3; ++i)
    result.record.fail(ErrorKind::reset, "Connection reset by peer");
  EXPECT_TRUE(met("errors<4", result));
  EXPECT_FALSE(met("errors<3", result));
  EXPECT_TRUE(met("errors<=3%", result));
  EXPECT_FALSE(met("errors<3%", result));
  EXPECT_EQ(outcome("errors<3%", result).found, "3 of 100 requests, 3 %");
}

TEST(Threshold, LeavesUnfinishedRequestsOutOfTheShareOfErrors) {
  LoadResult result = responses(98);
  for (int i = 0; i < 2; ++i)
    result.record.fail(ErrorKind::reset, "Connection reset by peer");
  for (int i = 0; i < 100; ++i)
    result.record.leave_unfinished(1s);
  EXPECT_EQ(outcome("errors<2%", result).found, "2 of 100 requests, 2 %");
}

TEST(Threshold, StaysMissedWhereItEndedTheRun) {
  LoadResult result = responses(200);
  EXPECT_TRUE(met("p99<1s", result));
  result.aborted_by = ThresholdOutcome{"p99<1s", false, "1.10 s"};
  EXPECT_FALSE(met("p99<1s", result));
  EXPECT_EQ(outcome("p99<1s", result).found, "1.10 s");
  EXPECT_TRUE(met("p90<1s", result));
}

TEST(Threshold, AsksForTheShownQuantilesThemselves) {
  for (const Quantile& quantile : shown_quantiles) {
    const std::string text = std::string(quantile.label) + "<1s";
    EXPECT_EQ(parse_threshold(text).value().quantile, quantile.share) << text;
  }
}

TEST(Threshold, SaysThatThereWereNoErrors) {
  EXPECT_TRUE(met("errors<1", responses(5)));
  EXPECT_EQ(outcome("errors<1%", responses(5)).found, "no errors");
}

TEST(Threshold, IsNotMetWhereNothingEnded) {
  EXPECT_FALSE(met("errors<1", {}));
  EXPECT_FALSE(met("errors<1%", {}));
  EXPECT_EQ(outcome("errors<1", {}).found, "no request ended");
  EXPECT_FALSE(met("max<1s", {}));
}

}  // namespace
}  // namespace waitlab::client
