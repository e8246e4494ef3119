#include "backend/loop_time.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace waitlab::backend {
namespace {

using namespace std::chrono_literals;

TEST(LoopTime, MakesCallsInTheOrderInWhichTheyAreDue) {
  boost::asio::io_context loop;
  LoopTime time(loop);
  std::vector<int> made;
  const auto start = time.now();
  const auto later = time.call_at(start + 2ms, [&] { made.push_back(2); });
  const auto sooner = time.call_at(start + 1ms, [&] { made.push_back(1); });
  EXPECT_TRUE(made.empty());
  loop.run();
  EXPECT_EQ(made, (std::vector<int>{1, 2}));
  EXPECT_GE(time.now(), start + 2ms);
}

TEST(LoopTime, MakesNoCallOfADestroyedTimer) {
  boost::asio::io_context loop;
  LoopTime time(loop);
  bool made = false;
  time.call_at(time.now(), [&] { made = true; }).reset();
  loop.run();
  EXPECT_FALSE(made);
}

TEST(LoopTime, TakesBackACallThatIsDueAtTheSameMoment) {
  boost::asio::io_context loop;
  LoopTime time(loop);
  bool made = false;
  std::unique_ptr<Timer> second;
  const auto due = time.now();
  const auto first = time.call_at(due, [&] { second.reset(); });
  second = time.call_at(due, [&] { made = true; });
  loop.run();
  EXPECT_FALSE(made);
}

TEST(LoopTime, KeepsDistancesInUnixTime) {
  boost::asio::io_context loop;
  const LoopTime time(loop);
  const auto moment = time.now();
  EXPECT_EQ(time.unix_time(moment + 5ms) - time.unix_time(moment), 5ms);
  EXPECT_GT(time.unix_time(moment), TimeSource::UnixTime{std::chrono::hours{24 * 365 * 50}});
}

TEST(LoopTime, LetsACallDestroyItsOwnTimer) {
  boost::asio::io_context loop;
  LoopTime time(loop);
  std::unique_ptr<Timer> timer;
  int made = 0;
  timer = time.call_at(time.now(), [&] {
    timer.reset();
    ++made;
  });
  loop.run();
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace waitlab::backend
