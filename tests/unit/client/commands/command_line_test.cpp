#include "client/commands/command_line.hpp"

#include "client/record/load_result.hpp"

#include <gtest/gtest.h>

#include <vector>

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

std::string text_of(std::vector<const char*> words) {
  words.insert(words.begin(), "run");
  return command_text("waitlab-client run", static_cast<int>(words.size()), words.data());
}

TEST(CommandText, CanBeTypedIntoAShell) {
  EXPECT_EQ(text_of({"-R", "400", "http://h:1/x?a=b&c", "--body", "it's", ""}),
            "waitlab-client run -R 400 'http://h:1/x?a=b&c' --body 'it'\\''s' ''");
}

TEST(CommandText, LeavesSecretsOut) {
  EXPECT_EQ(text_of({"-H", "Authorization: Bearer abc", "-Hcookie: a=b", "-H", "A: b"}),
            "waitlab-client run -H 'Authorization: ...' '-Hcookie: ...' -H 'A: b'");
}

}  // namespace
}  // namespace waitlab::client
