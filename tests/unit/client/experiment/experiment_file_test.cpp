#include "client/experiment/experiment_file.hpp"

#include "client/record/settings.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/unit/client/experiment/experiment_text.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ExperimentFile, FillsInWhatIsNotGiven) {
  const Experiment experiment = parse(minimal_experiment);
  EXPECT_EQ(experiment.name, "mine");
  EXPECT_EQ(experiment.repeats, 3U);
  EXPECT_TRUE(experiment.order.shuffled);
  EXPECT_FALSE(experiment.request_logs);
  EXPECT_FALSE(experiment.quick);
  EXPECT_EQ(experiment.load.path, "/wait");
  EXPECT_EQ(experiment.load.loop, Loop::open);
  EXPECT_EQ(experiment.load.arrivals, "poisson");
  EXPECT_THAT(experiment.load.levels, ElementsAre(100));
  EXPECT_EQ(experiment.backend.delay.distribution, "exponential");
  EXPECT_EQ(experiment.backend_mode, "remote");
  EXPECT_EQ(experiment.content, minimal_experiment);
}

TEST(ExperimentFile, ReadsEverySection) {
  const Experiment experiment = parse(R"({
    "$schema": "experiment.schema.json", "name": "all", "title": "T", "question": "Q?", "repeats": 5,
    "order": {"shuffled": false, "seed": 3}, "request_logs": true, "thresholds": ["p99<200ms", "errors<1%"],
    "targets": [
      {"name": "a", "server": {"strategy": "fixed-pool", "strategies": {"fixed-pool": {"threads": 16}}}},
      {"name": "b"}
    ],
    "backend": {"profile": {"delay": {"distribution": "fixed", "value": "20ms"}, "seed": 9}},
    "load": {"path": "/mix?work=1ms", "arrivals": "constant", "rates": [10, 0.5], "duration": "2s", "warmup": "1s",
             "timeout": "3s", "max_connections": 7, "seed": 42}
  })");
  EXPECT_EQ(experiment.title, "T");
  EXPECT_EQ(experiment.question, "Q?");
  EXPECT_EQ(experiment.repeats, 5U);
  EXPECT_FALSE(experiment.order.shuffled);
  EXPECT_EQ(experiment.order.seed, 3U);
  EXPECT_TRUE(experiment.request_logs);
  ASSERT_EQ(experiment.thresholds.size(), 2U);
  EXPECT_EQ(experiment.thresholds[0].text, "p99<200ms");
  EXPECT_EQ(experiment.thresholds[1].metric, Threshold::Metric::error_share);
  ASSERT_EQ(experiment.targets.size(), 2U);
  EXPECT_THAT(experiment.targets[0].settings, ElementsAre("strategies.fixed-pool.threads=16", "strategy=fixed-pool"));
  EXPECT_EQ(experiment.targets[0].strategy, "fixed-pool");
  EXPECT_FALSE(experiment.targets[0].threads || experiment.targets[0].facts) << "that is for its server to say";
  EXPECT_THAT(experiment.targets[1].settings, testing::IsEmpty());
  EXPECT_EQ(experiment.backend.delay.value, 20ms);
  EXPECT_EQ(experiment.backend.seed, 9U);
  EXPECT_THAT(experiment.backend_settings,
              ElementsAre("profile.delay.distribution=fixed", "profile.delay.value=20ms", "profile.seed=9"));
  EXPECT_EQ(experiment.load.path, "/mix?work=1ms");
  EXPECT_THAT(experiment.load.levels, ElementsAre(10, 0.5));
  EXPECT_EQ(experiment.load.duration, 2s);
  EXPECT_EQ(experiment.load.max_connections, 7U);
  EXPECT_EQ(experiment.load.seed, 42U);
}

TEST(ExperimentFile, NamesTheLineAndTheNearestKey) {
  EXPECT_THAT(failure(with("\"rates\"", "\"rate\"")),
              HasSubstr("mine.jsonc:4: load.rate: unknown key; did you mean \"rates\"?"));
  EXPECT_THAT(failure(with("\"targets\"", "\"target\"")), HasSubstr("did you mean \"targets\"?"));
  EXPECT_THAT(failure(with("\"load\"", "\"repeat\": 1, \"load\"")), HasSubstr("did you mean \"repeats\"?"));
}

TEST(ExperimentFile, RefusesAThresholdAtItsPlace) {
  EXPECT_THAT(failure(with("\"name\"", "\"thresholds\": [\"p99<200ms\", \"p99<soon\"], \"name\"")),
              testing::AllOf(HasSubstr("thresholds"), HasSubstr("p99<soon")));
}

TEST(ExperimentFile, SaysWhatIsMissing) {
  EXPECT_THAT(failure("{}"), HasSubstr("mine.jsonc:1: name: is missing"));
  EXPECT_THAT(failure(R"({"name": "mine"})"), HasSubstr("targets: is missing"));
  EXPECT_THAT(failure(R"({"name": "mine", "targets": [{"name": "a"}]})"), HasSubstr("load: is missing"));
  EXPECT_THAT(failure("[]"), HasSubstr("mine.jsonc:1: must be an object; found a list"));
}

TEST(ExperimentFile, RejectsDuplicateKeys) {
  EXPECT_THAT(failure(with("\"name\": \"mine\"", "\"name\": \"a\", \"name\": \"b\"")), HasSubstr("duplicate key"));
}

TEST(ExperimentFile, RejectsWrongUnitsAndTypes) {
  EXPECT_THAT(failure(with_load("\"rates\": [100], \"duration\": 3")), HasSubstr("load.duration"));
  EXPECT_THAT(failure(with_load("\"rates\": [100], \"arrivals\": \"random\"")), HasSubstr("load.arrivals"));
  for (const char* path : {"wait", "/a b", "/a\\u0001", "/a\\r\\nX: y", "/a#b", ""}) {
    EXPECT_THAT(failure(with_load(fmt::format("\"rates\": [100], \"path\": \"{}\"", path))),
                HasSubstr("mine.jsonc:4: load.path: must begin with /"))
        << path;
  }
  EXPECT_THAT(failure(with("{\"rates\": [100]}", "[]")), HasSubstr("load: must be an object; found a list"));
  EXPECT_THAT(failure(with("\"mine\"", "\"../up\"")), HasSubstr("name: must be 1 to 40 letters"));
}

TEST(ExperimentFile, TheQuickBlockChangesTheRest) {
  const std::string text =
      with("\"load\": {",
           "\"repeats\": 5, \"quick\": {\"repeats\": 2, \"load\": {\"rates\": [7]}},\n  \"load\": {"
           "\"seed\": 9, ");
  EXPECT_EQ(parse(text).repeats, 5U);
  const Experiment quick = parse(text, true);
  EXPECT_TRUE(quick.quick);
  EXPECT_EQ(quick.repeats, 2U);
  EXPECT_THAT(quick.load.levels, ElementsAre(7));
  EXPECT_EQ(quick.load.seed, 9U) << "what it does not name stays";
  EXPECT_EQ(quick.load.duration, 3s) << "it says itself how quick it is";
}

TEST(ExperimentFile, WithoutAQuickBlockQuickIsOneShortRepeat) {
  const Experiment quick = parse(with_load("\"rates\": [100], \"duration\": \"1m\", \"warmup\": \"5s\""), true);
  EXPECT_EQ(quick.repeats, 1U);
  EXPECT_EQ(quick.load.duration, 2s);
  EXPECT_EQ(quick.load.warmup, 300ms);
  EXPECT_EQ(parse(with_load("\"rates\": [100], \"duration\": \"1s\""), true).load.duration, 1s);
}

TEST(ExperimentFile, WhatTheQuickBlockBringsIsCheckedAtItsOwnPlace) {
  const std::string text = with("\"load\"", "\"quick\": {\n\"load\": {\"rates\": [-5]}\n},\n\"load\"");
  for (const bool quick : {true, false})
    EXPECT_THAT(failure(text, quick), HasSubstr("mine.jsonc:5: load.rates.0: must be"));
  EXPECT_THAT(failure(with("\"load\"", "\"quick\": 3, \"load\"")), HasSubstr("quick: must be an object of changes"));
}

TEST(ExperimentFile, ATimerNeedsNoBackend) {
  const auto with_backend = [](const std::string& members) {
    return with("\"load\"", "\"backend\": {\"mode\": \"timer\"" + members + "}, \"load\"");
  };
  EXPECT_EQ(parse(with_backend("")).backend_mode, "timer");
  EXPECT_THAT(failure(with_backend(", \"profile\": {\"concurrency\": 8}")),
              HasSubstr("backend.mode: a timer only delays, any number at once; leave out profile.concurrency"));
  EXPECT_THAT(failure(with_backend(", \"profile\": {\"faults\": {\"stall\": 0.1}}")),
              HasSubstr("leave out profile.faults.stall"));
  const std::string command =
      R"([{"name": "a", "command": ["a", "{port}", "{backend}"]}], "backend": {"mode": "timer"})";
  EXPECT_THAT(failure(with_targets(command)), HasSubstr("there is no {backend} if servers wait by a timer"));
}

TEST(ExperimentFile, ReplaysARecordingFromItsOwnFolder) {
  const TemporaryFile recording(".txt");
  recording.write("7ms\n");
  const std::filesystem::path path = recording.path();
  const auto text = [](const std::string& file) {
    return with("\"load\"",
                R"("backend": {"profile": {"delay": {"distribution": "replay", "file": ")" + file + R"("}}}, "load")");
  };
  const auto experiment = parse_experiment(text(path.filename()), path.parent_path() / "mine.jsonc");
  ASSERT_TRUE(experiment) << experiment.error().message;
  EXPECT_EQ(experiment->backend.delay.file, path);
  EXPECT_THAT(*experiment->backend.delay.recorded, ElementsAre(7ms));
  const auto missing = parse_experiment(text("none.txt"), path.parent_path() / "mine.jsonc");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message,
              HasSubstr("backend.profile.delay.file: " + (path.parent_path() / "none.txt").string()));
}

TEST(ExperimentFile, KeepsTheHoldLogItself) {
  EXPECT_THAT(failure(with("\"load\"", R"("backend": {"profile": {"hold_log": "a"}}, "load")")),
              HasSubstr("profile.hold_log is set by the experiment itself"));
}

TEST(ExperimentFile, MayMixRequests) {
  const std::string name = WAITLAB_SOURCE_DIR "/experiments/mine.jsonc";
  const auto mix = parse_experiment(with_load("\"rates\": [100], \"targets\": \"targets.jsonc\""), name);
  ASSERT_TRUE(mix) << mix.error().message;
  EXPECT_EQ(mix->load.targets_file, WAITLAB_SOURCE_DIR "/experiments/targets.jsonc");
  EXPECT_EQ(mix->load.path, "");
  EXPECT_GT(mix->requests.size(), 1U);
  EXPECT_THAT(mix->requests_text, HasSubstr("// A mix of requests"));
  EXPECT_THAT(failure(with_load("\"rates\": [100], \"targets\": \"a.json\", \"path\": \"/\"")),
              HasSubstr("load.targets: path is given too"));
  EXPECT_THAT(failure(with_load("\"rates\": [100], \"targets\": \"none.json\"")), HasSubstr("none.json"));
}

TEST(ExperimentFile, IsFoundAgainFromAnyFolder) {
  const std::filesystem::path demo = WAITLAB_SOURCE_DIR "/experiments/threads-vs-waiting.jsonc";
  const auto experiment = read_experiment(std::filesystem::relative(demo).string());
  ASSERT_TRUE(experiment) << experiment.error().message;
  EXPECT_TRUE(std::filesystem::path(experiment->file).is_absolute());
  EXPECT_TRUE(std::filesystem::equivalent(experiment->file, demo));
}

TEST(ExperimentFile, TellsAMissingFile) {
  const auto experiment = read_experiment("/nonexistent/mine.jsonc");
  ASSERT_FALSE(experiment);
  EXPECT_THAT(experiment.error().message, HasSubstr("/nonexistent/mine.jsonc"));
}

TEST(ExperimentFile, TheShippedDemoIsValidAndLoadsThePoolBeyondItsLimit) {
  const auto demo = read_experiment(WAITLAB_SOURCE_DIR "/experiments/threads-vs-waiting.jsonc");
  ASSERT_TRUE(demo) << demo.error().message;
  EXPECT_GE(demo->load.levels.size(), 3U);
  const auto threads = setting_of(demo->targets[1].settings, "strategies.fixed-pool.threads");
  ASSERT_TRUE(threads);
  const double hold_seconds = std::chrono::duration<double>(demo->backend.delay.mean).count();
  EXPECT_GT(demo->load.levels.back(), whole_number(*threads).value() / hold_seconds);
}

TEST(ExperimentFile, HasNoPathOfItsOwnWhereEachTargetSaysWhatItIsAskedFor) {
  EXPECT_EQ(parse(with_targets(R"([{"name": "a", "path": "/a"}, {"name": "b", "path": "/b"}])")).load.path, "");
  EXPECT_EQ(parse(with_targets(R"([{"name": "a", "path": "/a"}, {"name": "b"}])")).load.path, "/wait");
}

}  // namespace
}  // namespace waitlab::client
