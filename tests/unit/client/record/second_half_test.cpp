#include "client/record/second_half.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

TEST(SecondHalf, IsKeptUpWithWhereNothingIsDue) {
  EXPECT_TRUE(keeps_up({}));
}

// 97 % of 1,000 less 3 sqrt(1000) is 875.1.
TEST(SecondHalf, AllowsThePoissonNoiseOfACountAndNoMore) {
  EXPECT_TRUE(keeps_up({.due = 1000, .completed = 876}));
  EXPECT_FALSE(keeps_up({.due = 1000, .completed = 875}));
}

}  // namespace
}  // namespace waitlab::client
