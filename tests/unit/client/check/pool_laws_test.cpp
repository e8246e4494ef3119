#include "client/check/pool_laws.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

Stay stay(std::chrono::nanoseconds enqueued, std::chrono::nanoseconds started, std::chrono::nanoseconds hold) {
  return {.enqueued = enqueued, .started = started, .ended = started + hold};
}

TEST(Replay, FindsNothingOffInAnIdealPool) {
  const ReplayResidual found = replay({stay(0s, 0s, 4s), stay(1s, 1s, 2s), stay(2s, 3s, 5s), stay(2s, 4s, 1s)}, 2);
  EXPECT_EQ(found.p99, Seconds(0));
}

TEST(Replay, FindsHowLateARequestStarted) {
  const ReplayResidual found = replay({stay(0s, 0s, 4s), stay(1s, 1s, 2s), stay(2s, 3250ms, 5s)}, 2);
  EXPECT_EQ(found.p50, Seconds(0));
  EXPECT_EQ(found.p99, Seconds(0.25));
}

TEST(Replay, FindsARequestThatStartedBeforeAThreadWasFree) {
  EXPECT_EQ(replay({stay(0s, 0s, 4s), stay(1s, 1s, 2s), stay(2s, 2s, 5s)}, 2).p99, Seconds(1));
}

TEST(Replay, ChargesALateStartOnceAndNotToThoseBehindItToo) {
  const ReplayResidual found = replay({stay(0s, 1s, 4s), stay(2s, 5s, 1s), stay(3s, 6s, 1s)}, 1);
  EXPECT_EQ(found.p99, Seconds(1));
  EXPECT_EQ(found.p50, Seconds(0));
}

TEST(Replay, FindsAThreadMoreThanClaimedAlsoWhereAllAreBusy) {
  const ReplayResidual found = replay({stay(0s, 0s, 4s), stay(0s, 0s, 6s), stay(1s, 4s, 6s), stay(1s, 6s, 6s)}, 1);
  EXPECT_EQ(found.p50, Seconds(2));
  EXPECT_EQ(found.p99, Seconds(4));
}

}  // namespace
}  // namespace waitlab::client
