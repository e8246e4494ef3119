#include "client/format/result_json.hpp"
#include "client/report/experiment_json.hpp"
#include "tests/integration/client_program.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/unit/client/report/figures_of.hpp"
#include "tests/unit/client/report/runs_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// What an experiment with one target and one run would have written.
std::string experiment_text() {
  client::ExperimentResult result = client::result_of({"loop"}, {100});
  result.title = "Does it keep up?";
  client::ExperimentRun run;
  run.load = client::run_of(1ms).result;
  result.runs.push_back(run);
  const client::Comparison comparison = client::compare(result);
  return experiment_json(result, comparison, judge_experiment(result, comparison)).dump();
}

class ReportCommand : public testing::Test {
 protected:
  Outcome report(const std::string& text) {
    result_.write(text);
    return run_client({"report", result_.path(), "-o", page_.path()});
  }

  /// What is said of a text that no page can be made of, without the name of its file.
  std::string refusal(const std::string& text) {
    const Outcome outcome = report(text);
    EXPECT_EQ(outcome.exit_code, 2) << text;
    EXPECT_THAT(outcome.errors, StartsWith("waitlab-client: " + result_.path() + ":"));
    EXPECT_EQ(outcome.errors.find('\n'), outcome.errors.size() - 1) << "one line";
    return outcome.errors;
  }

  const TemporaryFile result_{".json"};
  const TemporaryFile page_{".html"};
};

TEST_F(ReportCommand, MakesThePageOfAnExperiment) {
  const Outcome outcome = report(experiment_text());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "Report: " + page_.path() + "\n");
  EXPECT_THAT(page_.text(), HasSubstr("<h1>Does it keep up?</h1>"));
}

TEST_F(ReportCommand, MakesOneOfASingleRun) {
  EXPECT_EQ(report(to_json(client::run_of(1ms).result).dump()).exit_code, 0);
  EXPECT_THAT(page_.text(), HasSubstr(client::run_of(1ms).result.url + " kept up"));
}

TEST_F(ReportCommand, DrawsSeveralOverOneAnother) {
  const TemporaryFile other(".json");
  other.write(experiment_text());
  result_.write(experiment_text());
  const Outcome outcome = run_client({"report", result_.path(), other.path(), "-o", page_.path()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_THAT(page_.text(), HasSubstr("<strong>B</strong> (" + other.path() + ")"));
}

TEST_F(ReportCommand, RefusesWhatIsNoResultInOneLineAndKeepsThePageThatWasThere) {
  page_.write("an earlier page");
  const std::string text = experiment_text();
  EXPECT_THAT(refusal("no JSON"), HasSubstr("syntax error"));
  EXPECT_THAT(refusal(text.substr(0, text.size() / 2)), Not(HasSubstr("Report")));
  EXPECT_THAT(refusal("{}"), HasSubstr("is no result"));
  nlohmann::json later = nlohmann::json::parse(text);
  later["schema_version"] = 3;
  EXPECT_THAT(refusal(later.dump()), HasSubstr("schema_version: only 2 can be read"));
  nlohmann::json poorer = nlohmann::json::parse(text);
  poorer["runs"][0].erase("server");
  EXPECT_THAT(refusal(poorer.dump()), HasSubstr("runs.0.server: is missing"));
  EXPECT_EQ(page_.text(), "an earlier page");
}

TEST_F(ReportCommand, DrawsWhatFollowsFromTheRunsWhateverTheFileConcludes) {
  nlohmann::json spoiled = nlohmann::json::parse(experiment_text());
  spoiled["verdict"]["headline"] = "Mine is best";
  spoiled.erase("comparison");
  EXPECT_EQ(report(spoiled.dump()).exit_code, 0);
  EXPECT_THAT(page_.text(), Not(HasSubstr("Mine is best")));
}

TEST_F(ReportCommand, RefusesLoadsWithoutAnAxisInCommonInOneLine) {
  const TemporaryFile other(".json");
  client::LoadResult closed = client::run_of(1ms).result;
  closed.offered_rate.reset();
  other.write(to_json(closed).dump());
  result_.write(experiment_text());
  const Outcome outcome = run_client({"report", result_.path(), other.path(), "-o", page_.path()});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.errors, "waitlab-client: " + result_.path() + " is of an open loop and " + other.path() +
                                " of a closed one, which have no axis in common; make a page of each\n");
}

TEST_F(ReportCommand, SaysThatAFileIsMissingOrCannotBeWritten) {
  const Outcome missing = run_client({"report", "/nowhere/result.json"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.errors, HasSubstr("/nowhere/result.json: cannot be opened"));
  result_.write(experiment_text());
  const Outcome unwritable = run_client({"report", result_.path(), "-o", "/nowhere/report.html"});
  EXPECT_EQ(unwritable.exit_code, 2);
  EXPECT_THAT(unwritable.errors, HasSubstr("'/nowhere/report.html' cannot be written"));
  const Outcome itself = run_client({"report", result_.path(), "-o", result_.path()});
  EXPECT_EQ(itself.exit_code, 2);
  EXPECT_THAT(itself.errors, HasSubstr("is to be written, so it can't be read as well; give another --out"));
}

}  // namespace
}  // namespace waitlab
