#include "client/commands/exit_code.hpp"

#include "client/record/load_result.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

TEST(ExitCode, TellsOfAMissedThreshold) {
  LoadResult result;
  EXPECT_EQ(exit_code_of(result), exit_good);
  result.thresholds = {{"p99<1s", true, "2 ms"}, {"rate>380", false, "370/s"}};
  EXPECT_EQ(exit_code_of(result), exit_threshold_missed);
  result.invalid_because = {"the client itself was late"};
  EXPECT_EQ(exit_code_of(result), exit_invalid_run);
}

TEST(ExitCode, IsNeverGoodForARunThatAThresholdAborted) {
  LoadResult result;
  result.aborted = true;
  result.thresholds = {{"errors<1%", true, "110 of 11500 requests, 0.957 %"}};
  EXPECT_EQ(exit_code_of(result), exit_threshold_missed);
}

}  // namespace
}  // namespace waitlab::client
