#include "tests/integration/client_program.hpp"
#include "tests/support/schema.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

namespace waitlab {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

TEST(AdviseCommand, AnswersInItsFirstLine) {
  const TemporaryFile file(".json");
  const Outcome outcome = run_client(
      {"advise", "--rate", "128", "--hold-mean", "50ms", "--slo", "p99<258ms", "--cpus", "2", "--json", file.path()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, StartsWith("Use fixed-pool with 8 threads.\n"));
  EXPECT_THAT(outcome.output, HasSubstr("What this does not know"));
  EXPECT_TRUE(fits_schema(file.path(), "advice.schema.json")) << file.text();
}

TEST(AdviseCommand, TakesWhatNoStrategyServesForAnAnswer) {
  const Outcome outcome = run_client({"advise", "--rate", "400", "--hold-mean", "50ms", "--slo", "p99<300ms",
                                      "--backend-concurrency", "16", "--verify"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("the backend can carry 320/s."));
}

// How fast the servers answer hangs on the machine. What is said of it must agree with the exit code.
TEST(AdviseCommand, TriesTheAdviceOut) {
  const TemporaryFile file(".json");
  const std::string folder = file.path() + "-results";
  const Outcome outcome = run_client({"advise", "--rate", "50", "--hold-mean", "20ms", "--slo", "p50<60ms", "--cpus",
                                      "2", "--verify", "--quick", "--out", folder, "--json", file.path()});
  const json found = json::parse(file.text());
  EXPECT_TRUE(fits_schema(file.path(), "advice.schema.json")) << file.text();
  ASSERT_TRUE(found["verification"].is_object()) << outcome.errors;
  const json held = found["verification"]["held"];
  const char* const sentence = held.is_null() ? "is not known" : held == true ? "The advice held" : "did not hold";
  EXPECT_THAT(outcome.output, HasSubstr(sentence));
  if (outcome.exit_code != 3) {
    EXPECT_EQ(outcome.exit_code, held == true ? 0 : 4) << outcome.errors;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace waitlab
