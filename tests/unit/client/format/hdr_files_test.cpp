#include "client/format/hdr_files.hpp"

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

using namespace std::chrono_literals;

TEST(HgrmText, OfNothingHasNoLevels) {
  EXPECT_EQ(hgrm_text(HdrHistogram()), R"(       Value     Percentile TotalCount 1/(1-Percentile)

#[Mean    =        0.000, StdDeviation   =        0.000]
#[Max     =        0.000, Total count    =            0]
#[Buckets =           23, SubBuckets     =         2048]
)");
}

// 10, 20, 30 and 40 ms, as the middles of their buckets: at 5 ticks to a half distance the first levels are 0 %, 10 %,
// … 50 %, then 55 %.
TEST(HgrmText, StepsFinerTheNearerItComesToTheLast) {
  HdrHistogram histogram;
  for (const auto time : {10ms, 20ms, 30ms, 40ms})
    histogram.record(time);
  EXPECT_EQ(hgrm_text(histogram), R"(       Value     Percentile TotalCount 1/(1-Percentile)

      10.002 0.000000000000          1           1.00
      10.002 0.100000000000          1           1.11
      10.002 0.200000000000          1           1.25
      20.005 0.300000000000          2           1.43
      20.005 0.400000000000          2           1.67
      20.005 0.500000000000          2           2.00
      30.015 0.550000000000          3           2.22
      30.015 0.600000000000          3           2.50
      30.015 0.650000000000          3           2.86
      30.015 0.700000000000          3           3.33
      30.015 0.750000000000          3           4.00
      40.010 0.775000000000          4           4.44
      40.010 1.000000000000          4
#[Mean    =       24.999, StdDeviation   =       11.180]
#[Max     =       40.010, Total count    =            4]
#[Buckets =           23, SubBuckets     =         2048]
)");
}

}  // namespace
}  // namespace waitlab::client
