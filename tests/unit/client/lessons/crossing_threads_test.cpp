#include "client/lessons/crossing_threads.hpp"

#include "common/process/machine.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

TEST(CrossLocks, InOneOrderNeverDeadlockHoweverOften) {
  const Crossings seen = cross_locks({.ordered = true, .cpus = usable_cpus(), .rounds = 2'000}, {});
  EXPECT_EQ(seen.rounds, 2'000U);
  EXPECT_EQ(seen.deadlocks, 0U);
}

TEST(CrossLocks, CrosswiseComeToAnEndWhateverBefallsThem) {
  const Crossings seen = cross_locks({.cpus = usable_cpus(), .rounds = 2'000, .deadlocks = 3}, {});
  EXPECT_TRUE(seen.rounds == 2'000 || seen.deadlocks == 3) << seen.rounds << ", " << seen.deadlocks;
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
