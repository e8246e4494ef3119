#include "client/format/result_text.hpp"

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
  EXPECT_THAT(times_table(record),
              HasSubstr("  Effective sample size for p99: 999 of 2000 (neighbours are correlated).\n"));
  record.response_time.effective_samples = {1500, 1200, 1001, 1001};
  EXPECT_THAT(times_table(record), Not(HasSubstr("Effective sample size")));
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

StepResult step(double from, double to) {
  StepResult step;
  step.from_rate = from;
  step.to_rate = to;
  step.window = 10s;
  for (int i = 1; i <= 1000; ++i) {
    step.record.begin();
    step.record.complete({.intended = 0ns, .sent = 20us, .ended = 100us * i}, 200);
    step.record.schedule_lag.record(20us);
  }
  step.record.completed_in_window = static_cast<std::uint64_t>(5 * (from + to));
  return step;
}

TEST(StepTable, HasALineForEachStep) {
  LoadResult result;
  result.steps = {step(100, 100), step(100, 300)};
  const std::string table = step_table(result);
  EXPECT_THAT(table, HasSubstr("   1        100/s    100.0/s     50 ms     90 ms     99 ms       0    20.5 us\n"));
  EXPECT_THAT(table, HasSubstr("   2    100-300/s    200.0/s"));
  EXPECT_THAT(table, Not(HasSubstr("!")));
}

TEST(StepTable, MarksAStepThatIsNotValid) {
  LoadResult result;
  result.connections = 7;
  result.steps = {step(100, 100), step(200, 200)};
  result.steps[1].record.waited_for_connection = 30;
  const std::string table = step_table(result);
  EXPECT_THAT(table, HasSubstr("    20.5 us\n"));
  EXPECT_THAT(table, HasSubstr("    20.5 us !\n"));
  EXPECT_THAT(table, HasSubstr("  !: not valid\n"));
}

TEST(StepTable, DoesNotMarkAStepThatWasNotReached) {
  LoadResult result;
  result.aborted = true;
  result.steps = {step(100, 100), StepResult{}};
  EXPECT_THAT(step_table(result), Not(HasSubstr("!")));
}

TEST(StepTable, FitsEightyColumns) {
  LoadResult result;
  for (const double rate : {20'000.0, 100'000.0, 1e6}) {
    result.steps = {step(0.9 * rate, rate), step(rate, rate)};
    result.steps[1].record.waited_for_connection = 30;
    std::istringstream lines(step_table(result));
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(columns_of(line), terminal_columns) << line;
  }
}

TEST(StepTable, MakesNoRateOfAFewResponses) {
  LoadResult result;
  result.steps = {step(1, 1)};
  for (const auto& [responses, window] :
       {std::pair<std::uint64_t, std::chrono::nanoseconds>(9, 900ms), {1'000, 49ms}}) {
    result.steps[0].record.completed_in_window = responses;
    result.steps[0].window = window;
    EXPECT_THAT(step_table(result), HasSubstr("   1          1/s          -  "));
  }
}

TEST(StepTable, MakesNoRateOfOneResponseInAMoment) {
  LoadResult result;
  result.steps = {step(1, 1), step(1, 1)};
  for (StepResult& step : result.steps)
    step.record.completed_in_window = 1;
  result.steps[0].window = 100ms;
  const std::string table = step_table(result);
  EXPECT_THAT(table, HasSubstr("   1          1/s          -  "));
  EXPECT_THAT(table, HasSubstr("   2          1/s      0.1/s  "));
}

TEST(StepTable, SetsColumnsApartWhateverTheRates) {
  LoadResult result;
  result.steps = {step(0.01, 2.00900001), step(814.003, 16.002), step(123'456.789, 234'567.891)};
  result.steps[2].record.completed_in_window = 9'999'999'999;
  const std::string table = step_table(result);
  EXPECT_THAT(table, HasSubstr("   1    0.01-2.009/s "));
  EXPECT_THAT(table, HasSubstr("   2        814-16/s "));
  EXPECT_THAT(table, HasSubstr("   3 123457-234568/s 999999999.9/s "));
}

TEST(StepTable, IsEmptyIfTheRateDoesNotChange) {
  EXPECT_EQ(step_table({}), "");
}

TEST(TargetTable, HasALineForEachRequestOfAMix) {
  LoadResult result;
  result.targets = {{"GET", "/wait"}, {"POST", "/a/path/that/is/too/long?for=it"}};
  result.record.targets.resize(2);
  TargetTally& first = result.record.targets[0];
  first.completed = 1000;
  first.errors = 12;
  for (int i = 1; i <= 1000; ++i)
    first.response_time.record(100us * i);
  EXPECT_EQ(target_table(result),
            "Request                        completed  errors       p50       p90       p99\n"
            "  GET /wait                         1000      12     50 ms     90 ms     99 ms\n"
            "  POST /a/path/that/is/too/...         0       0         -         -         -\n");
}

TEST(TargetTable, IsEmptyWithoutAMix) {
  EXPECT_EQ(target_table({}), "");
}

constexpr ServerTiming told{.queue = 2ms, .backend = 60ms, .handler = 8ms};

void record(SplitTally& split, int count, std::chrono::nanoseconds service, const std::optional<ServerTiming>& timing) {
  for (int i = 0; i < count; ++i)
    split.record(service + 5ms, split_time(5ms, 0ns, service, timing), timing.has_value());
}

TEST(SplitTable, ShowsEachPartWithItsShare) {
  SplitTally split;
  record(split, 10, 95ms, told);
  EXPECT_EQ(split_table(split, split.count()),
            "Where the time went            all responses\n"
            "  client queue                  5 ms     5 %\n"
            "  server queue                  2 ms     2 %\n"
            "  backend                      60 ms    60 %\n"
            "  handler                       8 ms     8 %\n"
            "  transfer                     25 ms    25 %\n");
}

TEST(SplitTable, SetsTheSlowestBesideAll) {
  SplitTally split;
  record(split, 99, 95ms, told);
  record(split, 1, 995ms, told);
  const std::string table = split_table(split, split.count());
  EXPECT_THAT(table, HasSubstr("all responses             slowest 1 %\n"));
  EXPECT_THAT(table, HasSubstr("  transfer                     34 ms    31 %          925 ms    92 %\n"));
}

TEST(SplitTable, TakesTheServerTogetherWithTheTransferIfItToldNothing) {
  SplitTally split;
  record(split, 10, 95ms, std::nullopt);
  const std::string table = split_table(split, split.count());
  EXPECT_THAT(table, HasSubstr("  server and transfer          95 ms    95 %\n"));
  EXPECT_THAT(table, Not(HasSubstr("backend")));
}

TEST(SplitTable, SaysHowManyResponsesToldTheirParts) {
  SplitTally split;
  record(split, 3, 95ms, told);
  EXPECT_THAT(split_table(split, split.count()), Not(HasSubstr("reported its parts")));
  record(split, 2, 95ms, std::nullopt);
  EXPECT_THAT(split_table(split, split.count()), HasSubstr("reported its parts of 3 of 5 responses"));
}

TEST(SplitTable, SaysThatItIsOfGoodResponsesWhereThereWereOthers) {
  SplitTally split;
  record(split, 10, 95ms, told);
  EXPECT_THAT(split_table(split, 12), HasSubstr("Where the time went               successful\n"));
}

TEST(SplitTable, IsEmptyWithoutResponses) {
  EXPECT_EQ(split_table({}, 0), "");
}

}  // namespace
}  // namespace waitlab::client
