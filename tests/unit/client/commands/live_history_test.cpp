#include "client/commands/live_history.hpp"

#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::IsEmpty;

/// 1,000 requests: a share of them took `slow`, the others `fast`.
CensoredHistogram second(std::chrono::nanoseconds fast, int slow_ones = 0, std::chrono::nanoseconds slow = 0ns) {
  CensoredHistogram times;
  for (int i = 0; i < 1000; ++i)
    times.record(i < slow_ones ? slow : fast);
  return times;
}

void add(LiveHistory& history, std::uint64_t seconds, const CensoredHistogram& times) {
  LoadProgress progress;
  progress.seconds = seconds;
  progress.last_second = &times;
  history.add(progress);
}

TEST(LiveHistory, ShadesEachMarkByTheShareThatTookLonger) {
  LiveHistory history;
  add(history, 1, second(15ms));
  add(history, 2, second(15ms, 5, 700ms));
  add(history, 3, second(15ms, 50, 700ms));
  add(history, 4, second(15ms, 200, 700ms));
  add(history, 5, second(15ms, 600, 700ms));
  const auto chart = history.chart(53, false);
  const std::string before(38, ' ');
  EXPECT_EQ(chart[0], " > 500 ms " + before + " ░▒▓█");
  EXPECT_EQ(chart[4], "  > 20 ms " + before + " ░▒▓█");
  EXPECT_EQ(chart[5], "  > 10 ms " + before + "█████");
  EXPECT_EQ(chart[6], "          43 s ago                                now");
  EXPECT_EQ(chart[7], "Share of each second: █ half ▓ 10 % ▒ 1 % ░ any");
  EXPECT_THAT(chart, testing::SizeIs(8));
}

TEST(LiveHistory, TakesASecondOnce) {
  LiveHistory history;
  add(history, 1, second(15ms));
  add(history, 1, second(15ms));
  EXPECT_THAT(history.chart(60, false)[5], EndsWith("  █"));
}

TEST(LiveHistory, LeavesMissedAndIdleSecondsEmpty) {
  LiveHistory history;
  add(history, 1, second(15ms));
  add(history, 3, second(15ms));
  add(history, 4, {});
  EXPECT_THAT(history.chart(60, false)[5], EndsWith("  █ █ "));
}

TEST(LiveHistory, ForgetsWhatIsOlderThanAMinute) {
  LiveHistory history;
  add(history, 1, second(700ms));
  for (std::uint64_t i = 2; i <= 61; ++i)
    add(history, i, second(15ms));
  EXPECT_EQ(history.chart(80, false)[0], "  > 40 ms " + std::string(60, ' '));
}

TEST(LiveHistory, TakesAFinerScaleWhereTimesAreAlike) {
  LiveHistory history;
  add(history, 1, second(55ms, 5, 110ms));
  const auto chart = history.chart(60, false);
  EXPECT_THAT(chart[0], testing::StartsWith(" > 160 ms"));
  EXPECT_THAT(chart[2], testing::AllOf(testing::StartsWith(" > 100 ms"), EndsWith("░")));
  EXPECT_THAT(chart[5], testing::AllOf(testing::StartsWith("  > 50 ms"), EndsWith("█")));
}

TEST(LiveHistory, TakesACoarserScaleWhereTimesAreFarApart) {
  LiveHistory history;
  add(history, 1, second(50us, 5, 20s));
  const auto chart = history.chart(60, false);
  ASSERT_EQ(chart.size(), 8u);
  EXPECT_THAT(chart[0], testing::StartsWith("> 10.00 s"));
  EXPECT_THAT(chart[5], testing::StartsWith(" > 100 us"));
}

TEST(LiveHistory, ColoursOnlyAdd) {
  LiveHistory history;
  add(history, 1, second(15ms, 50, 700ms));
  const std::string coloured = history.chart(60, true)[0];
  EXPECT_THAT(coloured, EndsWith("\x1b[33m▒\x1b[0m"));
  EXPECT_THAT(history.chart(60, false)[0], EndsWith(" ▒"));
}

TEST(LiveHistory, HasNoChartBeforeTheFirstSecond) {
  LiveHistory history;
  EXPECT_TRUE(history.empty());
  history.add({});
  EXPECT_THAT(history.chart(80, false), IsEmpty());
}

}  // namespace
}  // namespace waitlab::client
