#include "common/clock/unix_clock.hpp"

#include <gtest/gtest.h>

namespace waitlab {
namespace {

using namespace std::chrono_literals;

TEST(UnixClock, KeepsDistances) {
  const UnixClock clock;
  const auto moment = std::chrono::steady_clock::now();
  EXPECT_EQ(clock.at(moment + 5ms) - clock.at(moment), 5ms);
  EXPECT_EQ(clock.at(moment) - clock.at(moment - 3h), 3h);
}

TEST(UnixClock, TellsTheSystemsTime) {
  const auto before = std::chrono::system_clock::now();
  const UnixClock clock;
  const auto told = clock.at(std::chrono::steady_clock::now());
  // Only that it is this clock: a stepped system's clock must not fail the test.
  EXPECT_GT(told, before - 1h);
  EXPECT_LT(told, before + 1h);
}

}  // namespace
}  // namespace waitlab
