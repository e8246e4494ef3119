#include "client/commands/run_rate.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

LoadProgress at(std::chrono::nanoseconds elapsed, std::uint64_t completed) {
  LoadProgress progress;
  progress.elapsed = elapsed;
  progress.completed = completed;
  return progress;
}

TEST(RunRate, IsThatOfTheLastSecond) {
  RunRate rate;
  EXPECT_FALSE(rate.renew(at(999ms, 100)));
  EXPECT_TRUE(rate.renew(at(1s, 100)));
  EXPECT_DOUBLE_EQ(rate.per_second(), 100);
  EXPECT_FALSE(rate.renew(at(1999ms, 500)));
  EXPECT_DOUBLE_EQ(rate.per_second(), 100);
  EXPECT_TRUE(rate.renew(at(2250ms, 600)));
  EXPECT_DOUBLE_EQ(rate.per_second(), 400);
}

}  // namespace
}  // namespace waitlab::client
