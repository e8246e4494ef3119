#include "server/counts/counts.hpp"

#include "server/counts/thread_track.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;

/// The wide bucket that one duration is counted in; fails if it is in none or in several.
std::size_t wide_bucket_of(std::chrono::nanoseconds duration) {
  DurationCounts durations;
  count(durations, duration);
  const auto wide = durations.wide();
  EXPECT_EQ(std::accumulate(wide.begin(), wide.end(), 0U), 1U);
  return static_cast<std::size_t>(std::find(wide.begin(), wide.end(), 1U) - wide.begin());
}

TEST(WideBuckets, CountABoundInTheBucketItEnds) {
  for (std::size_t index = 0; index < DurationCounts::wide_bounds.size(); ++index) {
    const std::chrono::nanoseconds bound(std::llround(DurationCounts::wide_bounds[index] * 1e9));
    EXPECT_EQ(wide_bucket_of(bound - 1ns), index) << bound.count();
    EXPECT_EQ(wide_bucket_of(bound), index) << bound.count();
    EXPECT_EQ(wide_bucket_of(bound + 1ns), index + 1) << bound.count();
  }
}

TEST(WideBuckets, CountTheShortestAndTheLongest) {
  EXPECT_EQ(wide_bucket_of(0ns), 0U);
  EXPECT_EQ(wide_bucket_of(24h), DurationCounts::wide_bounds.size());
}

TEST(Counts, AddUpSeconds) {
  DurationCounts durations;
  for (const auto duration : {1500ms, 250ms, 250ms})
    count(durations, duration);
  EXPECT_DOUBLE_EQ(durations.sum_seconds(), 2.0);
}

TEST(Counts, KeepDurationsInNarrowBuckets) {
  DurationCounts durations;
  count(durations, 50ms);
  count(durations, 51ms);
  EXPECT_EQ(durations.total(), 2U);
  EXPECT_EQ(durations.buckets[DurationCounts::bucket_of(50ms)], 1U);
  EXPECT_EQ(durations.buckets[DurationCounts::bucket_of(50ms) + 1], 1U);
}

TEST(Counts, TellAnswersByTheClassOfTheirStatus) {
  Counts counts;
  for (const unsigned status : {200U, 204U, 304U, 400U, 499U, 503U, 599U, 600U, 101U})
    count_answer(counts, status);
  EXPECT_EQ(counts.answered[StatusClass::success], 2U);
  EXPECT_EQ(counts.answered[StatusClass::redirect], 1U);
  EXPECT_EQ(counts.answered[StatusClass::client_error], 2U);
  EXPECT_EQ(counts.answered[StatusClass::server_error], 4U);
  EXPECT_EQ(counts.answered.total(), 9U);
}

TEST(Counts, AddUpEveryOneOfTheirNumbers) {
  Counts sum;
  Counts one;
  count(one.accepted);
  count(one.backend[BackendOutcome::failed], 2);
  count(one.loop_lag, 3ms);
  sum += one;
  sum += one;
  EXPECT_EQ(sum.accepted, 2U);
  EXPECT_EQ(sum.backend[BackendOutcome::failed], 4U);
  EXPECT_EQ(sum.loop_lag.total(), 2U);
  EXPECT_EQ(sum.loop_lag.sum_ns, 6'000'000U);
}

TEST(ShardedCounts, AreTheSumOfWhatAllThreadsCounted) {
  constexpr int threads = 100;  // some share a shard
  ShardedCounts counts;
  Tracer tracer;
  Tracks lanes(tracer, "fixed-pool", Tracks::Kind::threads);
  std::vector<std::jthread> workers;
  for (int worker = 0; worker < threads; ++worker) {
    workers.emplace_back([&] {
      const ThreadTrack lane(lanes);
      for (int time = 0; time < 1000; ++time)
        count(counts.here().answered[StatusClass::success]);
    });
  }
  workers.clear();
  count(counts.here().answered[StatusClass::success]);
  EXPECT_EQ(counts.total().answered[StatusClass::success], 1000U * threads + 1);
}

TEST(ShardedCounts, GiveWorkersShardsOfTheirOwn) {
  ShardedCounts counts;
  std::set<const Counts*> seen{&counts.here()};
  for (std::size_t number = 0; number + 1 < ShardedCounts::shards; ++number) {
    ShardedCounts::be_worker(number);
    EXPECT_TRUE(seen.insert(&counts.here()).second) << number;
  }
  ShardedCounts::be_no_worker();
  EXPECT_FALSE(seen.insert(&counts.here()).second);
}

TEST(ShardedCounts, NumberRequestsWithoutAskingOtherWorkers) {
  ShardedCounts counts;
  std::set<std::uint64_t> numbers{0};
  for (const std::size_t worker : {0U, 1U, 0U, 62U, 1U}) {
    ShardedCounts::be_worker(worker);
    EXPECT_TRUE(numbers.insert(counts.begin_request()).second);
  }
  ShardedCounts::be_no_worker();
  EXPECT_TRUE(numbers.insert(counts.begin_request()).second);
  EXPECT_EQ(counts.total().begun, 6U);
}

}  // namespace
}  // namespace waitlab::server
