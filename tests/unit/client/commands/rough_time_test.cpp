#include "client/commands/rough_time.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

TEST(RoughTime, IsInTheUnitsThatAPersonWouldUse) {
  EXPECT_EQ(rough_time(0s), "0 s");
  EXPECT_EQ(rough_time(100ms), "1 s");
  EXPECT_EQ(rough_time(59s), "59 s");
  EXPECT_EQ(rough_time(90s), "1 min 30 s");
  EXPECT_EQ(rough_time(3600s), "1 h 0 min");
  EXPECT_EQ(rough_time(2h + 5min - 1s), "2 h 5 min");
}

}  // namespace
}  // namespace waitlab::client
