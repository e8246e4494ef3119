#include "server/backend_client/managed_backend.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;

TEST(RestartPauses, DoubleUpToHalfAMinuteForWhatDiesAgainAndAgain) {
  RestartPauses pauses;
  for (const auto expected : {1s, 2s, 4s, 8s, 16s, 30s, 30s})
    EXPECT_EQ(pauses.after(0ns), expected);
}

TEST(RestartPauses, BeginAnewOnceItHasRunForLonger) {
  RestartPauses pauses;
  EXPECT_EQ(pauses.after(10min), 1s);
  EXPECT_EQ(pauses.after(30s), 2s) << "no longer than the longest pause";
  EXPECT_EQ(pauses.after(31s), 1s);
  EXPECT_EQ(pauses.after(1ms), 2s);
}

}  // namespace
}  // namespace waitlab::server
