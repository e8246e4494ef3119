#include "client/format/times_table.hpp"

#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// Response times of 1 ms, 2 ms …; the service took 500 us less.
LoadRecord requests(int count) {
  LoadRecord record;
  for (int i = 1; i <= count; ++i)
    record.complete({.intended = 0ns, .sent = 500us, .ended = i * 1ms}, 200);
  record.response_time.effective_samples.fill(count);
  record.service_time.effective_samples.fill(count);
  return record;
}

TEST(TimesTable, SetsBothTimesSideBySideWithIntervals) {
  EXPECT_THAT(times_table(requests(200)), HasSubstr("  p50             100 ms       86 - 115 ms         99.5 ms"));
}

TEST(TimesTable, LeavesOutPercentilesWithoutTheSamples) {
  const std::string table = times_table(requests(200));
  EXPECT_THAT(table, HasSubstr("  p99.9                -                                 -\n"));
  EXPECT_THAT(table, HasSubstr("  max             200 ms                            200 ms\n"));
}

TEST(TimesTable, LeavesAnEndOpenAndSaysWhy) {
  const std::string table = times_table(requests(200));
  EXPECT_THAT(table, HasSubstr("195 ms - ?"));
  EXPECT_THAT(table, HasSubstr("  ?: no bound"));
  EXPECT_THAT(times_table(requests(10'000)), Not(HasSubstr("?")));
}

TEST(TimesTable, ShowsLowerBoundsOfTimedOutRequests) {
  LoadRecord record = requests(200);
  for (int i = 0; i < 20; ++i)
    record.time_out(ErrorKind::timeout, {}, 2s);
  record.response_time.effective_samples.fill(220);
  const std::string table = times_table(record);
  EXPECT_THAT(table, HasSubstr("  p99           > 2.00 s        2.00 s - ?"));
  EXPECT_THAT(table, HasSubstr("  p90             198 ms        189 ms - ?"));
}

TEST(TimesTable, TellsWhatTheSamplesAreWorthWhereItIsMuchLess) {
  LoadRecord record = requests(2000);
  record.response_time.effective_samples = {1500, 1200, 999.9, 1001};
  EXPECT_THAT(times_table(record), HasSubstr("  For p99 these 2000 requests, alike their neighbours, count as 999.\n"));
  record.response_time.effective_samples = {1500, 1200, 1001, 1001};
  EXPECT_THAT(times_table(record), Not(HasSubstr("count as")));
}

TEST(TimesTable, NamesTheIntervalsWhereOnlyAnOuterPercentileHasOne) {
  LoadRecord record = requests(2000);
  record.response_time.effective_samples = {0, 1000, 0, 0};
  record.service_time.effective_samples.fill(0);
  EXPECT_THAT(times_table(record), HasSubstr("95 % interval"));
}

TEST(TimesTable, HasOnlyDashesWithoutRequests) {
  const std::string table = times_table({});
  EXPECT_THAT(table, HasSubstr("  p50                  -                                 -\n"));
  EXPECT_THAT(table, Not(HasSubstr("95 %")));
}

TEST(TimesTable, FitsEightyColumns) {
  LoadRecord record = requests(2000);
  record.time_out(ErrorKind::timeout, {}, 1000s);
  record.response_time.effective_samples = {10, 10, 10, 10};
  std::istringstream lines(times_table(record));
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
}

}  // namespace
}  // namespace waitlab::client
