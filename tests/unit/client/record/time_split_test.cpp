#include "client/record/time_split.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST(ServerTiming, ReadsTheThreeDurationsInMilliseconds) {
  const auto timing = parse_server_timing("queue;dur=0.012, backend;dur=50.25, handler;dur=1");
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->queue, 12us);
  EXPECT_EQ(timing->backend, 50'250us);
  EXPECT_EQ(timing->handler, 1ms);
}

TEST(ServerTiming, TakesAnyOrderSpacesDescriptionsAndOtherMetrics) {
  const auto timing = parse_server_timing("cache;desc=\"hit\";dur=9 ,handler ; desc=x ; dur = 2.5,db;dur=7");
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->handler, 2500us);
  EXPECT_EQ(timing->queue, 0ns);
}

TEST(ServerTiming, KnowsQuotedStrings) {
  const auto timing = parse_server_timing(R"(x;desc="a, queue;dur=9", queue;desc="\", ;";dur="1.5", backend;dur=2)");
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->queue, 1500us);
  EXPECT_EQ(timing->backend, 2ms);
}

TEST(ServerTiming, IsNothingWithoutOneOfOurs) {
  for (const char* field : {"", "db;dur=7", "queue", "queue;dur=", "queue;dur=x", "queue;dur=-1", "queue;dur=1e300",
                            "queue;dur=nan", ",;,=", "queue;desc=dur"})
    EXPECT_FALSE(parse_server_timing(field)) << field;
}

nanoseconds part(const TimeParts& parts, Part which) {
  return parts[static_cast<std::size_t>(which)];
}

nanoseconds sum(const TimeParts& parts) {
  nanoseconds total{0};
  for (const nanoseconds time : parts)
    total += time;
  return total;
}

double mean_ns(const SplitMean& mean, Part which) {
  return mean.part_ns[static_cast<std::size_t>(which)];
}

TEST(TimeSplit, LeavesToTheTransferWhatNobodyElseTook) {
  const auto parts = split_time(3ms, 2ms, 60ms, ServerTiming{.queue = 5ms, .backend = 40ms, .handler = 1ms});
  EXPECT_EQ(part(parts, Part::client_queue), 3ms);
  EXPECT_EQ(part(parts, Part::connect), 2ms);
  EXPECT_EQ(part(parts, Part::server_queue), 5ms);
  EXPECT_EQ(part(parts, Part::backend), 40ms);
  EXPECT_EQ(part(parts, Part::handler), 1ms);
  EXPECT_EQ(part(parts, Part::transfer), 12ms);
}

TEST(TimeSplit, AddsUpEvenIfTheServerTellsMoreThanTheTimeThereWas) {
  const auto parts = split_time(1ms, 0ms, 10ms, ServerTiming{.queue = 4ms, .backend = 50ms, .handler = 3ms});
  EXPECT_EQ(sum(parts), 11ms);
  EXPECT_EQ(part(parts, Part::backend), 6ms);
  EXPECT_EQ(part(parts, Part::handler), 0ms);
  EXPECT_EQ(part(parts, Part::transfer), 0ms);
}

TEST(TimeSplit, GivesASilentServersTimeToTheTransfer) {
  EXPECT_EQ(part(split_time(0ms, 1ms, 10ms, {}), Part::transfer), 9ms);
}

/// 99 requests of 10 ms that the backend took, and one of 1 s spent in the server's queue.
SplitTally one_slow_in_a_hundred() {
  SplitTally tally;
  for (int i = 0; i < 99; ++i)
    tally.record(10ms, split_time(0ms, 0ms, 10ms, ServerTiming{.backend = 10ms}), true);
  tally.record(1s, split_time(0ms, 0ms, 1s, ServerTiming{.queue = 900ms, .backend = 100ms}), true);
  return tally;
}

TEST(SplitTally, AveragesTheParts) {
  const SplitMean all = one_slow_in_a_hundred().all();
  EXPECT_DOUBLE_EQ(all.share, 1);
  EXPECT_DOUBLE_EQ(mean_ns(all, Part::backend), (99 * 10e6 + 100e6) / 100);
  EXPECT_DOUBLE_EQ(mean_ns(all, Part::server_queue), 9e6);
}

TEST(SplitTally, TellsTheSlowRequestsFromTheOthers) {
  const SplitMean slowest = one_slow_in_a_hundred().slowest(0.01);
  EXPECT_DOUBLE_EQ(slowest.share, 0.01);
  EXPECT_DOUBLE_EQ(mean_ns(slowest, Part::server_queue), 900e6);
  EXPECT_DOUBLE_EQ(mean_ns(slowest, Part::backend), 100e6);
}

TEST(SplitTally, TakesAWholeClassWhereAShareFallsInsideOne) {
  EXPECT_DOUBLE_EQ(one_slow_in_a_hundred().slowest(0.02).share, 1);
}

TEST(SplitTally, MergesExactly) {
  SplitTally twice = one_slow_in_a_hundred();
  twice.merge(one_slow_in_a_hundred());
  EXPECT_EQ(twice.count(), 200u);
  EXPECT_EQ(twice.told_by_server(), 200u);
  EXPECT_DOUBLE_EQ(mean_ns(twice.all(), Part::server_queue), 9e6);
}

TEST(SplitTally, HoldsTheShortestAndTheLongest) {
  SplitTally tally;
  tally.record(0ns, {}, false);
  tally.record(10h, {}, false);
  EXPECT_EQ(tally.count(), 2u);
  EXPECT_DOUBLE_EQ(tally.slowest(0.5).share, 0.5);
}

TEST(SplitTally, OfNothingIsNothing) {
  EXPECT_DOUBLE_EQ(SplitTally().slowest(0.01).share, 0);
}

}  // namespace
}  // namespace waitlab::client
