#include "client/stats/time_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using Bound = std::optional<std::chrono::nanoseconds>;

std::string interval_between(Bound low, Bound high) {
  return interval_text(TimeFigure{.value = 1s, .low = low, .high = high});
}

TEST(ShortTime, KeepsThreeDigitsInTheUnitThatSuits) {
  EXPECT_EQ(short_time(250ns), "250 ns");
  EXPECT_EQ(short_time(1234ns), "1.23 us");
  EXPECT_EQ(short_time(50ms), "50 ms");
  EXPECT_EQ(short_time(999'900us), "1.00 s");
  EXPECT_EQ(short_time(12'345ms), "12.35 s");
  EXPECT_EQ(short_time(200s), "200 s");
}

/// A terminal gets us for µs.
std::string for_terminal(std::string text) {
  const std::string micro = "µ";
  if (const auto place = text.find(micro); place != std::string::npos) text.replace(place, micro.size(), "u");
  return text;
}

/// The report page's script is held against the same table, in tests/browser/report_page_test.py.
TEST(ShortTime, IsThatOfTheTableThatThePageKeepsToAsWell) {
  std::ifstream file(WAITLAB_SOURCE_DIR "/tests/unit/client/stats/time_texts.json");
  const auto table = nlohmann::json::parse(file);
  EXPECT_FALSE(table.empty());
  for (const auto& [nanoseconds, text] : table.get<std::vector<std::pair<std::int64_t, std::string>>>())
    EXPECT_EQ(short_time(std::chrono::nanoseconds(nanoseconds)), for_terminal(text)) << nanoseconds << " ns";
}

TEST(ShortTime, TellsALowerBoundAndAMissingFigure) {
  EXPECT_EQ(short_time(TimeFigure{.value = 50ms}), "50 ms");
  EXPECT_EQ(short_time(TimeFigure{.value = 2s, .at_least = true}), "> 2.00 s");
  EXPECT_EQ(short_time(TimeFigure{}), "-");
}

TEST(IntervalText, NamesAUnitOnceIfBothEndsHaveIt) {
  EXPECT_EQ(interval_between(50'200us, 51'300us), "50.2 - 51.3 ms");
  EXPECT_EQ(interval_between(980us, 1200us), "980 us - 1.2 ms");
  EXPECT_EQ(interval_between(900ms, 1100ms), "900 ms - 1.10 s");
}

TEST(IntervalText, LeavesAnEndOpenThatHasNoBound) {
  EXPECT_EQ(interval_between(61'200us, std::nullopt), "61.2 ms - ?");
  EXPECT_EQ(interval_between(std::nullopt, 61'200us), "? - 61.2 ms");
  EXPECT_EQ(interval_text(TimeFigure{.value = 1ms}), "");
}

}  // namespace
}  // namespace waitlab::client
