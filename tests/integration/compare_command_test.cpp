#include "client/format/result_json.hpp"
#include "tests/integration/client_program.hpp"
#include "tests/support/schema.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/unit/client/report/runs_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::ContainsRegex;
using testing::HasSubstr;

/// The file of a run whose response times are 1 to 1,000 times `unit`.
class ResultFile {
 public:
  explicit ResultFile(std::chrono::nanoseconds unit, const std::vector<std::string>& invalid_because = {}) {
    client::NamedResult run = client::run_of(unit);
    run.result.invalid_because = invalid_because;
    file_.write(to_json(run.result).dump());
  }
  const std::string& path() const { return file_.path(); }

 private:
  TemporaryFile file_{".json"};
};

TEST(CompareCommand, SaysByHowMuchRepeatsDiffer) {
  const ResultFile a1(2ms), a2(2010us), b1(1ms), b2(1010us);
  const TemporaryFile json(".json");
  const Outcome outcome =
      run_client({"compare", a1.path() + "," + a2.path(), b1.path() + "," + b2.path(), "--json", json.path()});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, ContainsRegex("B's p99 is 0.50[0-9]* × "));
  EXPECT_THAT(outcome.output, testing::StartsWith("B relative to A: above 1, B's figure is the higher\nA: "));
  EXPECT_THAT(outcome.output, HasSubstr("(2 results)"));
  EXPECT_THAT(outcome.output, HasSubstr("Welch"));
  EXPECT_TRUE(fits_schema(json.path(), "compare.schema.json")) << json.text();
  EXPECT_EQ(nlohmann::json::parse(json.text())["figures"]["p99"]["difference_shown"], true);
}

TEST(CompareCommand, PrintsNothingButJsonWhenAskedTo) {
  const ResultFile a(2ms), b(1ms);
  const TemporaryFile json(".json");
  const Outcome outcome = run_client({"compare", a.path(), b.path(), "--figure", "rate", "--json", "-"});
  json.write(outcome.output);
  EXPECT_TRUE(fits_schema(json.path(), "compare.schema.json")) << outcome.output;
  EXPECT_THAT(outcome.errors, HasSubstr("without an interval: repeat the runs"));
}

TEST(CompareCommand, CountsAResultThatIsGivenTwiceOnce) {
  const ResultFile a(2ms), b(1ms);
  const Outcome outcome = run_client({"compare", a.path() + "," + a.path(), b.path()});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.output, HasSubstr("is the same result as"));
  EXPECT_THAT(outcome.output, HasSubstr("A side of one repeat"));
}

TEST(CompareCommand, ExitsWithThreeWhereARunIsNotValid) {
  const ResultFile a(2ms, {"the client itself was late"}), b(1ms);
  const Outcome outcome = run_client({"compare", a.path(), b.path()});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.output, HasSubstr("! INVALID run"));
}

TEST(CompareCommand, NamesWhatCannotBeRead) {
  const ResultFile a(2ms);
  const Outcome missing = run_client({"compare", a.path(), "missing.json"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.errors, HasSubstr("missing.json"));
  const Outcome spaced = run_client({"compare", a.path() + ",", "missing.json"});
  EXPECT_EQ(spaced.exit_code, 2);
  EXPECT_THAT(spaced.errors, HasSubstr("no file beside a comma"));
}

}  // namespace
}  // namespace waitlab
