#include "server/runtime/open_count.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace waitlab::server {
namespace {

using Clock = std::chrono::steady_clock;
constexpr Clock::time_point long_past{std::chrono::nanoseconds{1}};

TEST(OpenCount, IsNoneAtFirst) {
  OpenCount count;
  EXPECT_TRUE(count.wait_until_none(long_past));
}

TEST(OpenCount, SaysWhenTheDeadlinePassedFirst) {
  OpenCount count;
  count.add();
  EXPECT_FALSE(count.wait_until_none(long_past));
}

TEST(OpenCount, WaitsForTheLastOne) {
  OpenCount count;
  count.add();
  count.add();
  count.remove();
  EXPECT_FALSE(count.wait_until_none(long_past));
  std::thread last([&count] { count.remove(); });
  EXPECT_TRUE(count.wait_until_none(Clock::now() + std::chrono::minutes(1)));
  last.join();
}

}  // namespace
}  // namespace waitlab::server
