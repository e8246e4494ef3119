#include "server/accounts/pauses.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;

TEST(PauseBeforeLook, GrowsWithTheWaitToAMillisecondForTheNextInLine) {
  EXPECT_EQ(pause_before_look(0ns, 0), 50us);
  EXPECT_EQ(pause_before_look(4ms, 0), 500us);
  EXPECT_EQ(pause_before_look(10s, 0), 1ms);
}

TEST(PauseBeforeLook, IsLongerFurtherBehindButNeverTooLongForAVictim) {
  EXPECT_EQ(pause_before_look(10s, 3), 1ms);
  EXPECT_EQ(pause_before_look(10s, 8), 2ms);
  EXPECT_EQ(pause_before_look(10s, 16'000), 20ms);
  EXPECT_EQ(pause_before_look(4ms, 16'000), 500us);
}

TEST(PauseBeforeRetry, IsTheSameForTheSameSeedAndDiffersElse) {
  EXPECT_EQ(pause_before_retry(1, 3), pause_before_retry(1, 3));
  EXPECT_NE(pause_before_retry(1, 3), pause_before_retry(2, 3));
  EXPECT_NE(pause_before_retry(1, 3), pause_before_retry(1, 4));
}

TEST(PauseBeforeRetry, IsOfATimeThatDoublesToAQuarterOfASecond) {
  const auto longest_of_many = [](std::uint32_t retries) {
    std::chrono::nanoseconds longest{0};
    for (std::uint64_t seed = 0; seed < 1000; ++seed)
      longest = std::max(longest, pause_before_retry(seed, retries));
    return longest;
  };
  EXPECT_LE(longest_of_many(0), 1ms);
  EXPECT_GT(longest_of_many(0), 900us);
  EXPECT_LE(longest_of_many(3), 8ms);
  EXPECT_GT(longest_of_many(3), 7ms);
  EXPECT_LE(longest_of_many(1000), 256ms);
  EXPECT_GT(longest_of_many(1000), 240ms);
}

}  // namespace
}  // namespace waitlab::server
