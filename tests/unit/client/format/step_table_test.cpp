#include "client/format/step_table.hpp"

#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

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
  result.steps = {step(19'000, 20'000), step(20'000, 20'000)};
  result.steps[1].record.waited_for_connection = 30;
  std::istringstream lines(step_table(result));
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
}

TEST(StepTable, IsEmptyIfTheRateDoesNotChange) {
  EXPECT_EQ(step_table({}), "");
}

}  // namespace
}  // namespace waitlab::client
