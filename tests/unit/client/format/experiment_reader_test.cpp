#include "client/report/experiment_json.hpp"

#include "tests/support/temporary_file.hpp"
#include "tests/unit/client/format/sample_experiment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waitlab::client {
namespace {

using nlohmann::ordered_json;
using testing::AllOf;
using testing::HasSubstr;

ordered_json json_of(const ExperimentResult& result) {
  const Comparison comparison = compare(result);
  return experiment_json(result, comparison, judge_experiment(result, comparison));
}

std::string experiment_failure_of(const std::string& text) {
  const auto result = parse_experiment_result(text, "result.json");
  return result ? "read it" : result.error().message;
}

/// What is said of a good result once `change` has spoiled it.
template <class Change>
std::string experiment_failure_after(Change change) {
  ordered_json json = json_of(sample_experiment());
  change(json);
  return experiment_failure_of(json.dump());
}

TEST(ExperimentReader, GivesBackAllThatAResultHolds) {
  ExperimentResult closed = sample_experiment();
  closed.load = {.path = "", .targets_file = "mix.json", .loop = Loop::closed, .arrivals = "", .levels = {1, 64}};
  for (ExperimentRun& run : closed.runs)
    run.load.offered_rate.reset();
  for (const ExperimentResult& result : {sample_experiment(), closed}) {
    const auto read = parse_experiment_result(json_of(result).dump(1), "result.json");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(json_of(*read), json_of(result));
  }
}

TEST(ExperimentReader, ReadsResultsFromBeforeServersToldTheFactsOfTheirStrategies) {
  ordered_json json = json_of(sample_experiment());
  for (ordered_json& target : json["targets"])
    target.erase("facts");
  const auto read = parse_experiment_result(json.dump(), "result.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FALSE(read->targets[0].facts);
  EXPECT_EQ(read->targets[0].strategy, "fixed-pool");
  EXPECT_EQ(read->targets[0].threads, 8U);
}

TEST(ExperimentReader, ReadsFiles) {
  const TemporaryFile file(".json");
  file.write(json_of(sample_experiment()).dump(1));
  const auto read = read_experiment_result(file.path());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->targets[0].sweep, sample_experiment().targets[0].sweep);
  EXPECT_EQ(read->targets[0].facts, sample_experiment().targets[0].facts);
  EXPECT_EQ(read->placement, sample_experiment().placement);
  EXPECT_EQ(read->machine, sample_experiment().machine);
}

TEST(ExperimentReader, SaysInOneLineWhatIsNoResult) {
  EXPECT_THAT(read_experiment_result("/nonexistent/result.json").error().message, HasSubstr("cannot be opened"));
  const std::string whole = json_of(sample_experiment()).dump(1);
  EXPECT_EQ(experiment_failure_of(whole.substr(0, whole.size() / 2)),
            "result.json: is empty or cut short; write the result again");
  EXPECT_THAT(experiment_failure_of("Report: 12"), HasSubstr("result.json:1:1"));
  EXPECT_THAT(experiment_failure_of("[]"), HasSubstr("is no result of an experiment; give the result.json that"));
  EXPECT_THAT(experiment_failure_of(R"({"schema_version": 1, "url": "http://h/"})"),
              HasSubstr("is no result of an experiment"));
  EXPECT_THAT(experiment_failure_after([](ordered_json& json) { json["schema_version"] = 1; }),
              HasSubstr("schema_version: only 2 can be read; use the waitlab-client that wrote the file"));
}

TEST(ExperimentReader, NamesThePlaceOfWhatIsWrong) {
  EXPECT_EQ(experiment_failure_after([](ordered_json& json) { json["runs"][1]["load"].erase("url"); }),
            "result.json:1: runs.1.load.url: is missing");
  EXPECT_EQ(experiment_failure_after([](ordered_json& json) { json["targets"][0]["kind"] = "thing"; }),
            "result.json:1: targets.0.kind: must be \"server\", \"command\" or \"url\"");
  EXPECT_EQ(experiment_failure_after([](ordered_json& json) { json["targets"][0]["facts"]["worker"] = "hare"; }),
            "result.json:1: targets.0.facts.worker: must be \"thread\", \"process\" or \"loop\"");
  EXPECT_EQ(experiment_failure_after([](ordered_json& json) { json["runs"][0]["target"] = "stranger"; }),
            "result.json:1: runs.0.target: is no target of this experiment");
  EXPECT_EQ(experiment_failure_after([](ordered_json& json) { json["missing"][0]["level"] = 81; }),
            "result.json:1: missing.0.level: is no level of this experiment");
  EXPECT_EQ(experiment_failure_after([](ordered_json& json) { json["runs"][0]["repeat"] = 4; }),
            "result.json:1: runs.0.repeat: is no repeat of this experiment");
  EXPECT_EQ(experiment_failure_after([](ordered_json& json) { json["runs"][0]["lanes"] = {1}; }),
            "result.json:1: runs.0.lanes.0: must be an object; found 1");
  EXPECT_THAT(experiment_failure_after([](ordered_json& json) { json["runs"][0]["server"]["samples"] = 3; }),
              AllOf(HasSubstr("runs.0.server.samples"), HasSubstr("must be a list")));
}

/// What is said of a picture of a server at work that has this event.
std::string failure_of_event(const char* event) {
  return experiment_failure_after(
      [event](ordered_json& json) { json["runs"][0]["lanes"] = ordered_json::array({ordered_json::parse(event)}); });
}

TEST(ExperimentReader, ExpectsOfEachEventWhatThePageDrawsItBy) {
  const std::string place = "result.json:1: runs.0.lanes.0.";
  EXPECT_EQ(failure_of_event(R"({"name": "running"})"), place + "ph: is missing");
  EXPECT_EQ(failure_of_event(R"({"ph": "M", "name": "thread_name", "tid": 1})"), place + "args: is missing");
  EXPECT_EQ(failure_of_event(R"({"ph": "X", "name": "running", "tid": 1, "ts": 2})"), place + "dur: is missing");
  EXPECT_EQ(failure_of_event(R"({"ph": "X", "name": "running", "tid": 1, "ts": "2", "dur": 3})"),
            place + "ts: must be a number; found \"2\"");
  EXPECT_EQ(failure_of_event(R"({"ph": "b", "name": "queued", "ts": 2})"), place + "id2: is missing");
  EXPECT_EQ(failure_of_event(R"({"ph": "e", "name": "queued", "id2": {"global": "1"}, "ts": 2})"),
            place + "id2.local: is missing");
  EXPECT_EQ(failure_of_event(R"({"ph": "e", "name": "queued", "id2": {"local": "1"}, "ts": 2})"), "read it");
  EXPECT_EQ(failure_of_event(R"({"ph": "M", "name": "process_name", "args": {"name": "pool"}})"), "read it");
}

}  // namespace
}  // namespace waitlab::client
