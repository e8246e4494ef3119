#include "server/counts/duration_counts.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;

DurationCounts counts_of(const std::vector<std::chrono::nanoseconds>& durations) {
  DurationCounts counts;
  for (const auto duration : durations)
    ++counts.buckets[DurationCounts::bucket_of(duration)];
  return counts;
}

double milliseconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

TEST(DurationCounts, HaveBucketsWhoseMiddleIsNearAllThatIsInThem) {
  const auto& bounds = DurationCounts::bounds_ns;
  EXPECT_EQ(bounds.front(), 1000);
  EXPECT_EQ(bounds.back(), 10'000'000'000);
  for (std::size_t index = 1; index < bounds.size(); ++index) {
    EXPECT_GT(bounds[index], bounds[index - 1]);
    EXPECT_LE(static_cast<double>(bounds[index]) / static_cast<double>(bounds[index - 1]), 1.08);
  }
}

TEST(DurationCounts, PutABoundIntoTheBucketItEnds) {
  EXPECT_EQ(DurationCounts::bucket_of(0ns), 0U);
  EXPECT_EQ(DurationCounts::bucket_of(1us), 0U);
  EXPECT_EQ(DurationCounts::bucket_of(1001ns), 1U);
  EXPECT_EQ(DurationCounts::bucket_of(10s), DurationCounts::size - 2);
  EXPECT_EQ(DurationCounts::bucket_of(10s + 1ns), DurationCounts::size - 1);
}

TEST(DurationCounts, KnowPercentilesToWithinABucket) {
  std::vector<std::chrono::nanoseconds> durations;
  for (int number = 1; number <= 1000; ++number)
    durations.emplace_back(number * 100us);
  const DurationCounts counts = counts_of(durations);
  EXPECT_NEAR(milliseconds(*counts.percentile(0.5)), 50, 50 * 0.04);
  EXPECT_NEAR(milliseconds(*counts.percentile(0.99)), 99, 99 * 0.04);
  EXPECT_EQ(counts.percentile(1), 100ms);
}

TEST(DurationCounts, HaveNoPercentileOfNothing) {
  EXPECT_EQ(DurationCounts().percentile(0.5), std::nullopt);
}

TEST(DurationCounts, TellWhatIsPastTheLastBoundAsThatBound) {
  EXPECT_EQ(counts_of({1h}).percentile(0.5), 10s);
}

TEST(DurationCounts, TellWhatCameSince) {
  const DurationCounts before = counts_of({1ms, 2ms});
  const DurationCounts after = counts_of({1ms, 2ms, 2ms, 5s});
  const DurationCounts since = after - before;
  EXPECT_EQ(since.total(), 2U);
  EXPECT_EQ(since.buckets[DurationCounts::bucket_of(2ms)], 1U);
  EXPECT_EQ(since.buckets[DurationCounts::bucket_of(5s)], 1U);
}

TEST(DurationCounts, AddUp) {
  DurationCounts sum = counts_of({1ms});
  sum += counts_of({1ms, 3ms});
  EXPECT_EQ(sum.total(), 3U);
  EXPECT_EQ(sum.buckets[DurationCounts::bucket_of(1ms)], 2U);
}

}  // namespace
}  // namespace waitlab::server
