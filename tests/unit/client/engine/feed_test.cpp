#include "client/engine/feed.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

const Clock::time_point start{100s};

OpenFeed ten_a_second() {
  return {ArrivalPlan({ArrivalKind::constant, 10, 1}, {.warmup = 0s, .duration = 1s, .requests = {}}, 0, 1), start};
}

TEST(OpenFeed, HoldsARequestBackUntilItsTime) {
  OpenFeed feed = ten_a_second();
  ASSERT_TRUE(feed.due(start));
  feed.take(start);
  EXPECT_FALSE(feed.due(start + 99ms));
  EXPECT_EQ(feed.next_due(start), start + 100ms);
}

TEST(OpenFeed, KeepsTheIntendedStartOfARequestThatWaits) {
  OpenFeed feed = ten_a_second();
  feed.take(start);
  const auto late = feed.due(start + 5s);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->intended, start + 100ms);
  EXPECT_EQ(late->n, 1u);
}

TEST(OpenFeed, EndsWithItsPlan) {
  OpenFeed feed = ten_a_second();
  for (int i = 0; i < 10; ++i)
    feed.take(start);
  EXPECT_FALSE(feed.due(start + 1h));
  EXPECT_FALSE(feed.next_due(start + 1h));
}

TEST(ClosedFeed, StartsARequestWheneverAsked) {
  ClosedFeed feed({start, start, start + 1s}, 0, 1, {});
  EXPECT_FALSE(feed.due(start - 1ns));
  EXPECT_EQ(feed.next_due(start - 1ns), start);
  EXPECT_EQ(feed.due(start + 3ms)->intended, start + 3ms);
  EXPECT_FALSE(feed.next_due(start + 3ms));
  EXPECT_FALSE(feed.due(start + 1s));
}

TEST(ClosedFeed, NumbersItsRequestsByThread) {
  ClosedFeed feed({start, start, start + 1s}, 2, 3, {});
  EXPECT_EQ(feed.due(start)->n, 2u);
  feed.take(start);
  EXPECT_EQ(feed.due(start)->n, 5u);
}

TEST(ClosedFeed, CountsMeasuredRequestsOnly) {
  ClosedFeed feed({start, start + 1s, Clock::time_point::max()}, 0, 1, 2);
  EXPECT_FALSE(feed.due(start)->measured);
  feed.take(start);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(feed.due(start + 1s));
    EXPECT_TRUE(feed.take(start + 1s).measured);
  }
  EXPECT_FALSE(feed.due(start + 1s));
}

}  // namespace
}  // namespace waitlab::client
