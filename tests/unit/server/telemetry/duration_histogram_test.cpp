#include "server/telemetry/duration_histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;

/// The bucket that one duration is counted in; fails if it is in none or in several.
std::size_t bucket_of(std::chrono::nanoseconds duration) {
  DurationHistogram histogram;
  histogram.observe(duration);
  std::size_t found = DurationHistogram::bounds.size() + 1;
  for (std::size_t index = 0; index <= DurationHistogram::bounds.size(); ++index) {
    if (histogram.bucket(index) == 0) continue;
    EXPECT_EQ(histogram.bucket(index), 1U);
    EXPECT_GT(found, DurationHistogram::bounds.size());
    found = index;
  }
  return found;
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

}  // namespace
}  // namespace waitlab::server
