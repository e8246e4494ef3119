#include "common/histogram/hdr_histogram.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

HdrHistogram histogram_of(std::initializer_list<nanoseconds> values) {
  HdrHistogram histogram;
  for (const auto value : values)
    histogram.record(value);
  return histogram;
}

TEST(HdrHistogram, AnswersZeroWhenEmpty) {
  const HdrHistogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.saturated(), 0u);
  EXPECT_EQ(histogram.min(), 0ns);
  EXPECT_EQ(histogram.max(), 0ns);
  EXPECT_EQ(histogram.mean_ns(), 0.0);
  for (const auto quantile : {0.0, 0.5, 1.0})
    EXPECT_EQ(histogram.value_at(quantile), 0ns);
}

TEST(HdrHistogram, PutsEachValueIntoABucketThatHoldsItToThreeDigits) {
  for (std::int64_t ns = 1; ns <= 3'600'000'000'000; ns += 1 + ns / 77) {
    const auto histogram = histogram_of({nanoseconds{ns}});
    const auto low = histogram.min().count();
    const auto high = histogram.max().count();
    ASSERT_LE(low, ns);
    ASSERT_GE(high, ns);
    ASSERT_LE(high - low, std::max<std::int64_t>(511, ns / 1000)) << ns;
  }
}

TEST(HdrHistogram, HasTheBucketBoundsOfHdrHistogram) {
  const struct {
    std::int64_t value, lowest, highest;
  } buckets[] = {{0, 0, 511},
                 {511, 0, 511},
                 {512, 512, 1023},
                 {1'048'575, 1'048'064, 1'048'575},
                 {1'048'576, 1'048'576, 1'049'599},
                 {50'000'000, 49'971'200, 50'003'967},
                 {3'600'000'000'000, 3'599'182'594'048, 3'601'330'077'695}};
  for (const auto& bucket : buckets) {
    const auto histogram = histogram_of({nanoseconds{bucket.value}});
    EXPECT_EQ(histogram.min().count(), bucket.lowest) << bucket.value;
    EXPECT_EQ(histogram.max().count(), bucket.highest) << bucket.value;
  }
}

TEST(HdrHistogram, ShowsEachBucketInUseOnceInAscendingOrder) {
  const auto histogram = histogram_of({50ms, 600ns, 50ms, 1h, 1000ns});
  std::vector<std::array<std::int64_t, 3>> seen;
  histogram.for_each_bucket([&seen](const HdrHistogram::Bucket& bucket) {
    seen.push_back({bucket.lowest.count(), bucket.highest.count(), static_cast<std::int64_t>(bucket.count)});
  });
  const std::vector<std::array<std::int64_t, 3>> expected{
      {512, 1023, 2}, {49'971'200, 50'003'967, 2}, {3'599'182'594'048, 3'601'330'077'695, 1}};
  EXPECT_EQ(seen, expected);
}

TEST(HdrHistogram, ShowsNoBucketWhenEmpty) {
  HdrHistogram().for_each_bucket([](const HdrHistogram::Bucket&) { FAIL(); });
}

TEST(HdrHistogram, TakesOutExactlyWhatWasMergedIn) {
  const auto part = histogram_of({1ms, 1ms, 2h});
  auto whole = histogram_of({1ms, 50ms, 3h});
  whole.merge(part);
  ASSERT_TRUE(whole.includes(part));
  whole.subtract(part);
  EXPECT_EQ(whole.encode(), histogram_of({1ms, 50ms, 3h}).encode());
  EXPECT_EQ(whole.count(), 3u);
  EXPECT_EQ(whole.saturated(), 1u);
}

TEST(HdrHistogram, IncludesNoMoreOfABucketThanItHas) {
  const auto whole = histogram_of({1ms, 1ms, 50ms});
  EXPECT_TRUE(whole.includes(histogram_of({1ms, 50ms})));
  EXPECT_TRUE(whole.includes(HdrHistogram()));
  EXPECT_FALSE(whole.includes(histogram_of({50ms, 50ms})));
  EXPECT_FALSE(whole.includes(histogram_of({2ms})));
}

TEST(HdrHistogram, ClampsWhatIsOutOfRange) {
  const auto histogram = histogram_of({-5ms, 1h, 1h + 1ns, nanoseconds::max(), nanoseconds::min()});
  EXPECT_EQ(histogram.count(), 5u);
  EXPECT_EQ(histogram.saturated(), 2u);
  EXPECT_EQ(histogram.min(), 0ns);
  EXPECT_EQ(histogram.max(), histogram_of({1h}).max());
}

TEST(HdrHistogram, FindsTheValueThatTheQuantileCallsFor) {
  HdrHistogram histogram;
  for (int i = 1; i <= 100; ++i)
    histogram.record(i * 1ms);
  const auto bucket_of = [](nanoseconds value) { return histogram_of({value}).max(); };
  EXPECT_EQ(histogram.value_at(0.5), bucket_of(50ms));
  EXPECT_EQ(histogram.value_at(0.501), bucket_of(51ms));
  EXPECT_EQ(histogram.value_at(0.99), bucket_of(99ms));
  EXPECT_EQ(histogram.value_at(0.07), bucket_of(7ms)) << "0.07 * 100 is a hair above 7";
  EXPECT_EQ(histogram.value_at(0.991), bucket_of(100ms));
  EXPECT_EQ(histogram.value_at(1.0), bucket_of(100ms));
  EXPECT_EQ(histogram.value_at(0.0), histogram.min());
  EXPECT_EQ(histogram.value_at(1e-300), bucket_of(1ms));
}

TEST(HdrHistogram, TakesQuantilesOutOfRangeAsTheEnds) {
  const auto histogram = histogram_of({1ms, 2ms});
  EXPECT_EQ(histogram.value_at(-1), histogram.min());
  EXPECT_EQ(histogram.value_at(7), histogram.max());
  EXPECT_EQ(histogram.value_at(std::numeric_limits<double>::quiet_NaN()), histogram.min());
}

TEST(HdrHistogram, RoundsHighestEquivalentLikeTheJavaLibrary) {
  EXPECT_EQ(histogram_of({50ms}).value_at(0.5), 50'003'967ns);
  EXPECT_EQ(histogram_of({1s}).value_at(0.99), 1'000'341'503ns);
}

TEST(HdrHistogram, MeansTheMiddlesOfTheBuckets) {
  EXPECT_EQ(histogram_of({50ms}).mean_ns(), 49'971'200.0 + 16'384.0);
  EXPECT_NEAR(histogram_of({10ms, 30ms}).mean_ns(), 20e6, 20e6 * 0.0005);
}

TEST(HdrHistogram, MergesExactly) {
  auto merged = histogram_of({1ms, 5ms, 2h});
  merged.merge(histogram_of({20us, 5ms, 3h}));
  const auto all = histogram_of({1ms, 5ms, 2h, 20us, 5ms, 3h});
  EXPECT_EQ(merged.count(), 6u);
  EXPECT_EQ(merged.saturated(), 2u);
  EXPECT_EQ(merged.encode(), all.encode());
}

TEST(HdrHistogram, MergesWithItself) {
  auto histogram = histogram_of({1ms});
  histogram.merge(histogram);
  EXPECT_EQ(histogram.count(), 2u);
}

TEST(HdrHistogram, IsEmptyAfterClear) {
  auto histogram = histogram_of({1ms, 2h});
  histogram.clear();
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.saturated(), 0u);
  EXPECT_EQ(histogram.max(), 0ns);
}

}  // namespace
}  // namespace waitlab
