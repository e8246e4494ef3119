#include "client/lessons/crossing_threads.hpp"

#include "common/process/machine.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace waitlab::client {
namespace {

using std::chrono::milliseconds;

TEST(CrossLocks, InOneOrderNeverDeadlockHoweverOften) {
  const Crossings seen = cross_locks({.ordered = true, .cpus = usable_cpus(), .rounds = 2'000}, {});
  EXPECT_EQ(seen.rounds, 2'000U);
  EXPECT_EQ(seen.deadlocks, 0U);
}

TEST(CrossLocks, CrosswiseKeepBothOfTheirLimits) {
  const Crossings seen = cross_locks({.cpus = usable_cpus(), .rounds = 2'000, .deadlocks = 3}, {});
  EXPECT_GT(seen.rounds, 0U);
  EXPECT_LE(seen.rounds, 2'000U);
  EXPECT_LE(seen.deadlocks, 3U);
  EXPECT_LE(seen.deadlocks, seen.rounds);
}

TEST(CrossLocks, EndWhenTheirTimeIsOver) {
  const Crossing endless{.ordered = true, .cpus = usable_cpus(), .rounds = 20'000'000, .time = milliseconds(1)};
  EXPECT_LT(cross_locks(endless, {}).rounds, endless.rounds);
}

TEST(CrossLocks, EndWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(cross_locks({.cpus = usable_cpus()}, stop.get_token()).rounds, 0U);
}

TEST(OwnPool, WaitsForItselfWithoutFailWhereAllItsWorkersWait) {
  EXPECT_EQ(wait_on_own_pool(2, 20, {}), 20U);
}

TEST(OwnPool, DoesNotWithAWorkerMore) {
  EXPECT_EQ(wait_on_own_pool(3, 20, {}), 0U);
}

}  // namespace
}  // namespace waitlab::client
