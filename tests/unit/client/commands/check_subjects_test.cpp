#include "client/commands/check_subjects.hpp"

#include "client/format/result_json.hpp"
#include "client/report/experiment_json.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/unit/client/format/sample_experiment.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <filesystem>
#include <future>

namespace waitlab::client {
namespace {

using nlohmann::ordered_json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* server_log =
    "request_id,route,enqueued_ns,started_ns,ended_ns,queued_ns,backend_ns,status,strategy\n"
    "1-000000000000,/wait,5,7,9,2,1,200,fixed-pool\n";
constexpr const char* hold_log = "request_id,route,arrival_ns,drawn_ns,queued_ns,held_ns,outcome\n";

ordered_json load_json() {
  LoadResult load;
  load.url = "http://127.0.0.1:8080/wait";
  load.started_at = "2023-11-14T22:13:20.000Z";
  return to_json(load);
}

class CheckSubjects : public testing::Test {
 protected:
  CheckSubjects() {
    requests_.write(server_log);
    holds_.write(hold_log);
  }

  Result<std::vector<CheckSubject>> read(CheckArguments arguments = {}) const {
    arguments.results = {result_.path()};
    return read_check_subjects(arguments);
  }

  /// Two runs of a pool of 8 that shared their logs.
  ordered_json experiment() const {
    ExperimentResult result = sample_experiment();
    ExperimentRun run = sample_run(0, 0);
    run.hold_log = holds_.path();
    run.request_log = requests_.path();
    result.runs = {run, run};
    return experiment_json(result, {}, {});
  }

  TemporaryFile result_{".json"};
  TemporaryFile requests_{".csv"};
  TemporaryFile holds_{".csv"};
};

TEST_F(CheckSubjects, AreARunWithTheLogsOfTheCommandLine) {
  result_.write(load_json().dump());
  const auto subjects =
      read({.server_log = requests_.path(), .backend_log = holds_.path(), .strategy = "fixed-pool", .threads = 8})
          .value();
  ASSERT_EQ(subjects.size(), 1U);
  EXPECT_EQ(subjects[0].server_log->size(), 1U);
  EXPECT_EQ(subjects[0].hold_log->size(), 0U);
  EXPECT_EQ(subjects[0].threads, 8U);
  EXPECT_EQ(subjects[0].seed, std::nullopt);
  EXPECT_FALSE(subjects[0].facts);
}

TEST_F(CheckSubjects, AreTheRunsOfAnExperimentWithTheirOwnLogs) {
  result_.write(experiment().dump());
  const auto subjects = read().value();
  ASSERT_EQ(subjects.size(), 2U);
  EXPECT_THAT(subjects[0].name, HasSubstr("pool-8-auto at 80/s, repeat 2"));
  EXPECT_EQ(subjects[0].seed, "2a");
  EXPECT_EQ(subjects[0].threads, 8U);
  EXPECT_EQ(subjects[0].strategy, "fixed-pool");
  EXPECT_EQ(subjects[0].facts, sample_experiment().targets[0].facts);
  EXPECT_EQ(subjects[0].server_log, subjects[1].server_log);  // read once
}

TEST_F(CheckSubjects, ReadAPipe) {
  for (const std::string& text : {load_json().dump(), experiment().dump()}) {
    ASSERT_EQ(::mkfifo(result_.path().c_str(), 0600), 0);
    auto writing = std::async(std::launch::async, [&] { result_.write(text); });
    EXPECT_TRUE(read()) << text;
    writing.get();
    std::filesystem::remove(result_.path());
  }
}

TEST_F(CheckSubjects, SayWhereAnExperimentIsNotOne) {
  const auto error_of = [&](const ordered_json& wrong) {
    result_.write(wrong.dump(1));
    return read().error().message;
  };
  ordered_json wrong = experiment();
  wrong["targets"] = 1;
  EXPECT_THAT(error_of(wrong),
              AllOf(HasSubstr(result_.path() + ":"), HasSubstr("targets"), Not(HasSubstr("exception"))));
  wrong = experiment();
  wrong["runs"][1]["seed"] = "x";
  EXPECT_THAT(error_of(wrong), AllOf(HasSubstr(result_.path() + ":"), HasSubstr("runs.1.seed")));
  wrong = experiment();
  wrong["runs"][0].erase("load");
  EXPECT_THAT(error_of(wrong), HasSubstr("load"));
}

TEST_F(CheckSubjects, AreNoneOfAnExperimentWithoutRuns) {
  ordered_json bare = experiment();
  bare["runs"] = ordered_json::array();
  result_.write(bare.dump());
  EXPECT_TRUE(read().value().empty());
}

TEST_F(CheckSubjects, NameTheFileThatCannotBeRead) {
  EXPECT_THAT(read().error().message, HasSubstr(result_.path()));
  ordered_json lacking = experiment();
  lacking["runs"][0].erase("seed");
  result_.write(lacking.dump());
  EXPECT_THAT(read().error().message, HasSubstr("seed"));
  result_.write(load_json().dump());
  EXPECT_THAT(read({.server_log = holds_.path()}).error().message, HasSubstr("no request log"));
}

}  // namespace
}  // namespace waitlab::client
