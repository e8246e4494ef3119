#include "server/telemetry/duration_histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;

/// The wide bucket that one duration is counted in; fails if it is in none or in several.
std::size_t bucket_of(std::chrono::nanoseconds duration) {
  DurationHistogram histogram;
  histogram.observe(duration);
  const auto counts = histogram.wide_counts();
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0U), 1U);
  return static_cast<std::size_t>(std::find(counts.begin(), counts.end(), 1U) - counts.begin());
}

TEST(DurationHistogram, CountsABoundInTheBucketItEnds) {
  for (std::size_t index = 0; index < DurationHistogram::bounds.size(); ++index) {
    const std::chrono::nanoseconds bound(std::llround(DurationHistogram::bounds[index] * 1e9));
    EXPECT_EQ(bucket_of(bound - 1ns), index) << bound.count();
    EXPECT_EQ(bucket_of(bound), index) << bound.count();
    EXPECT_EQ(bucket_of(bound + 1ns), index + 1) << bound.count();
  }
}

TEST(DurationHistogram, CountsTheShortestAndTheLongest) {
  EXPECT_EQ(bucket_of(0ns), 0U);
  EXPECT_EQ(bucket_of(24h), DurationHistogram::bounds.size());
}

TEST(DurationHistogram, AddsUpSeconds) {
  DurationHistogram histogram;
  for (const auto duration : {1500ms, 250ms, 250ms})
    histogram.observe(duration);
  EXPECT_DOUBLE_EQ(histogram.sum_seconds(), 2.0);
}

TEST(DurationHistogram, CountsInNarrowBucketsToo) {
  DurationHistogram histogram;
  histogram.observe(50ms);
  histogram.observe(51ms);
  const DurationCounts counts = histogram.counts();
  EXPECT_EQ(counts.total(), 2U);
  EXPECT_EQ(counts.buckets[DurationCounts::bucket_of(50ms)], 1U);
  EXPECT_EQ(counts.buckets[DurationCounts::bucket_of(50ms) + 1], 1U);
}

}  // namespace
}  // namespace waitlab::server
