#include "client/experiment/experiment_file.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* minimal = R"({
  "name": "mine",
  "targets": [{"name": "loop", "server": {"strategy": "event-loop"}}],
  "load": {"rates": [100]}
})";

Experiment parse(const std::string& text) {
  auto experiment = parse_experiment(text, "mine.jsonc");
  EXPECT_TRUE(experiment) << experiment.error().message;
  return experiment ? *experiment : Experiment{};
}

std::string failure(const std::string& text) {
  const auto experiment = parse_experiment(text, "mine.jsonc");
  return experiment ? "accepted" : experiment.error().message;
}

/// The minimal experiment with one piece of its text replaced.
std::string with(const std::string& piece, const std::string& replacement) {
  std::string text = minimal;
  const auto at = text.find(piece);
  EXPECT_NE(at, std::string::npos) << piece;
  return text.replace(at, piece.size(), replacement);
}

TEST(ExperimentFile, FillsInWhatIsNotGiven) {
  const Experiment experiment = parse(minimal);
  EXPECT_EQ(experiment.name, "mine");
  EXPECT_EQ(experiment.repeats, 3U);
  EXPECT_FALSE(experiment.request_logs);
  EXPECT_EQ(experiment.load.path, "/wait");
  EXPECT_EQ(experiment.load.arrivals, "poisson");
  EXPECT_THAT(experiment.load.levels, ElementsAre(100));
  EXPECT_EQ(experiment.backend.delay.distribution, "exponential");
  EXPECT_EQ(experiment.content, minimal);
}

TEST(ExperimentFile, ReadsEverySection) {
  const Experiment experiment = parse(R"({
    "$schema": "experiment.schema.json", "name": "all", "title": "T", "question": "Q?", "repeats": 5, "request_logs": true,
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
  EXPECT_TRUE(experiment.request_logs);
  ASSERT_EQ(experiment.targets.size(), 2U);
  EXPECT_THAT(experiment.targets[0].settings, ElementsAre("strategies.fixed-pool.threads=16", "strategy=fixed-pool"));
  EXPECT_EQ(experiment.targets[0].threads, 16U);
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
  const std::string message = failure(with("\"rates\"", "\"rate\""));
  EXPECT_THAT(message, HasSubstr("mine.jsonc:4: load.rate: unknown key; did you mean \"rates\"?"));
  EXPECT_THAT(failure(with("\"targets\"", "\"target\"")), HasSubstr("did you mean \"targets\"?"));
  EXPECT_THAT(failure(with("\"server\"", "\"sever\"")), HasSubstr("did you mean \"server\"?"));
}

TEST(ExperimentFile, RejectsDuplicateKeys) {
  EXPECT_THAT(failure(with("\"name\": \"mine\"", "\"name\": \"a\", \"name\": \"b\"")), HasSubstr("duplicate key"));
}

TEST(ExperimentFile, RejectsRatesThatAreNone) {
  EXPECT_THAT(failure(with("[100]", "[]")), HasSubstr("load.rates: is empty; give it as [100, 200]"));
  EXPECT_THAT(failure(with("[100]", "100")), HasSubstr("load.rates: is no list; found"));
  EXPECT_THAT(failure(with("[100]", "[100, -1]")), HasSubstr("load.rates.1: must be requests per second, above 0"));
  EXPECT_THAT(failure(with("[100]", "[\"100\"]")), HasSubstr("load.rates.0"));
  EXPECT_THAT(failure(with("[100]", "[100, 100]")), HasSubstr("100 is given twice"));
  EXPECT_THAT(failure(with("\"rates\": [100]", "\"seed\": 1")), HasSubstr("rates is missing"));
}

TEST(ExperimentFile, RejectsWrongUnitsAndTypes) {
  EXPECT_THAT(failure(with("[100]", "[100], \"duration\": 3")), HasSubstr("load.duration"));
  EXPECT_THAT(failure(with("[100]", "[100], \"arrivals\": \"random\"")), HasSubstr("load.arrivals"));
  EXPECT_THAT(failure(with("[100]", "[100], \"path\": \"wait\"")), HasSubstr("must begin with /"));
  for (const char* path : {"/a b", "/a\\u0001", "/a\\r\\nX: y", "/a#b", ""}) {
    EXPECT_THAT(failure(with("[100]", fmt::format("[100], \"path\": \"{}\"", path))),
                HasSubstr("mine.jsonc:4: load.path: must begin with /"))
        << path;
  }
  EXPECT_THAT(failure(with("{\"rates\": [100]}", "[]")), HasSubstr("load: must be an object; found a list"));
}

TEST(ExperimentFile, SaysThatAListIsEmpty) {
  EXPECT_THAT(failure(with(R"([{"name": "loop", "server": {"strategy": "event-loop"}}])", "[]")),
              HasSubstr("targets: is empty; give it as"));
}

TEST(ExperimentFile, RejectsTargetsThatCannotBeToldApart) {
  EXPECT_THAT(failure(with("[{", "[{\"name\": \"loop\"}, {")), HasSubstr("is the name of an earlier target"));
  EXPECT_THAT(failure(with("\"loop\"", "\"a/b\"")), HasSubstr("targets.0.name: must be 1 to 40 letters"));
  EXPECT_THAT(failure(with("\"mine\"", "\"../up\"")), HasSubstr("name: must be 1 to 40 letters"));
}

TEST(ExperimentFile, RefusesSettingsThatTheExperimentMakes) {
  EXPECT_THAT(failure(with("\"strategy\": \"event-loop\"", "\"listen\": {\"port\": 80}")),
              HasSubstr("listen.port is set by the experiment itself"));
  EXPECT_THAT(failure(with("\"strategy\": \"event-loop\"", "\"backend.mode\": \"timer\"")),
              HasSubstr("backend.mode is set by the experiment itself"));
}

TEST(ExperimentFile, RefusesASettingGivenNestedAndDotted) {
  EXPECT_THAT(
      failure(with("\"strategy\": \"event-loop\"", R"("limits.body_bytes": "1KiB", "limits": {"body_bytes": "2KiB"})")),
      HasSubstr("limits.body_bytes is given twice"));
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
  ASSERT_TRUE(demo->targets[1].threads);
  const double hold_seconds = std::chrono::duration<double>(demo->backend.delay.mean).count();
  EXPECT_GT(demo->load.levels.back(), *demo->targets[1].threads / hold_seconds);
}

}  // namespace
}  // namespace waitlab::client
