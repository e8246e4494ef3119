#include "client/format/hdr_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

const UtcTime begin = parse_utc("2026-01-02T03:04:05.678Z").value();

Slice slice_at(std::uint64_t index, std::chrono::milliseconds time) {
  Slice slice;
  slice.index = index;
  slice.response_time.record(2 * time);
  slice.service_time.record(time);
  return slice;
}

std::vector<std::string> lines_of(const HdrLog& log) {
  std::vector<std::string> lines;
  std::istringstream text(log.text());
  for (std::string line; std::getline(text, line);)
    lines.push_back(line);
  return lines;
}

TEST(HdrLog, BeginsWithTheHeaderOfVersion13) {
  const auto lines = lines_of(HdrLog(begin));
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[1], "#[Histogram log format version 1.3]");
  EXPECT_EQ(lines[2], "#[StartTime: 1767323045.678 (seconds since epoch), 2026-01-02T03:04:05Z]");
  EXPECT_EQ(lines[3], R"("StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram")");
}

TEST(HdrLog, HasALineASecondForEachTag) {
  HdrLog log(begin);
  log.add(slice_at(9, 10ms));
  log.add(slice_at(10, 20ms));
  const auto lines = lines_of(log);
  ASSERT_EQ(lines.size(), 8u);
  EXPECT_THAT(lines[4], testing::StartsWith("Tag=response_time,0.000,1.000,20.005,HISTFA"));
  EXPECT_THAT(lines[5], testing::StartsWith("Tag=service_time,0.000,1.000,10.002,HISTFA"));
  EXPECT_THAT(lines[6], testing::StartsWith("Tag=response_time,1.000,1.000,40.010,HISTFA"));
}

TEST(HdrLog, ShowsASilentSecondAsAnEmptyInterval) {
  HdrLog log(begin);
  log.add(slice_at(25, 10ms));
  const auto lines = lines_of(log);
  ASSERT_EQ(lines.size(), 10u);
  EXPECT_EQ(lines[6], "Tag=response_time,1.000,1.000,0.000," + HdrHistogram().encode());
}

TEST(HdrLog, DoesNotDependOnTheOrderOfSlices) {
  HdrLog in_order(begin);
  HdrLog backwards(begin);
  constexpr std::uint64_t slices = 100;  // ten seconds, more than are kept open
  for (std::uint64_t i = 0; i < slices; ++i) {
    in_order.add(slice_at(i, std::chrono::milliseconds(i)));
    backwards.add(slice_at(slices - 1 - i, std::chrono::milliseconds(slices - 1 - i)));
  }
  backwards.add(slice_at(95, 3ms));  // late, and late again
  backwards.add(slice_at(5, 3ms));
  in_order.add(slice_at(5, 3ms));
  in_order.add(slice_at(95, 3ms));
  EXPECT_EQ(backwards.text(), in_order.text());
}

}  // namespace
}  // namespace waitlab::client
