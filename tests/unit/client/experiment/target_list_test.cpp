#include "client/experiment/target_list.hpp"

#include "tests/unit/client/experiment/experiment_text.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> names_of(const Experiment& experiment) {
  std::vector<std::string> names;
  for (const ExperimentTarget& target : experiment.targets)
    names.push_back(target.name);
  return names;
}

/// The only target of a list with these members besides its name.
ExperimentTarget target_with(const std::string& members) {
  return parse(with_targets(fmt::format(R"([{{"name": "a", {}}}])", members))).targets.at(0);
}

std::string failure_with(const std::string& members) {
  return failure(with_targets(fmt::format(R"([{{"name": "a", {}}}])", members)));
}

TEST(TargetList, HasAnyCommand) {
  const ExperimentTarget target = target_with(R"("command": ["nginx", "-p", "{port}"])");
  EXPECT_EQ(target.kind, TargetKind::command);
  EXPECT_THAT(target.command, ElementsAre("nginx", "-p", "{port}"));
  EXPECT_EQ(target.url, "http://127.0.0.1:{port}");
  EXPECT_EQ(target.directory, "") << "that of the file, which is the current one";
  EXPECT_EQ(target.ready.path, "");
  EXPECT_EQ(target.ready.within, 10s);
}

TEST(TargetList, HasCommandsWithEverythingSaid) {
  const auto experiment = parse_experiment(
      with_targets(R"([{"name": "a", "command": ["./serve"], "url": "http://localhost:{port}/x?y", "directory": "sub",
                        "environment": {"PORT": "{port}"}, "ready": {"path": "/up", "within": "2s"}}])"),
      "folder/mine.jsonc");
  ASSERT_TRUE(experiment) << experiment.error().message;
  const ExperimentTarget& target = experiment->targets[0];
  EXPECT_EQ(target.url, "http://localhost:{port}/x?y");
  EXPECT_EQ(target.directory, "folder/sub");
  EXPECT_THAT(target.environment, ElementsAre("PORT={port}"));
  EXPECT_EQ(target.ready.path, "/up");
  EXPECT_EQ(target.ready.within, 2s);
}

// A program would be given what stands before it.
TEST(TargetList, RefusesANulCharacterInWhatTheSystemTakes) {
  for (const char* members :
       {R"("command": ["./serve\u0000x", "{port}"])", R"("command": ["./serve", "{port}\u0000x"])",
        R"("command": ["./serve", "{port}"], "directory": "sub\u0000x")",
        R"("command": ["./serve", "{port}"], "environment": {"A": "b\u0000c"})",
        R"("command": ["./serve", "{port}", "{n}"], "sweep": {"n": ["1", "2\u0000"]})",
        R"("server": {"strategy": "event-loop\u0000x"})", R"("server": {"limits": {"header_bytes": "1KiB\u0000"}})"}) {
    EXPECT_THAT(failure_with(members), HasSubstr("must be text without a NUL character; found \"")) << members;
  }
  for (const char* members : {R"("command": ["./serve", "{port}"], "environment": {"A\u0000B": "c"})",
                              R"("server": {"limits\u0000x": {"header_bytes": "1KiB"}})"}) {
    EXPECT_THAT(failure_with(members), HasSubstr("\\u0000")) << members;
    EXPECT_THAT(failure_with(members), HasSubstr("a name must have no NUL character")) << members;
  }
  EXPECT_THAT(failure(with_load(R"("targets": "mix.jsonc\u0000", "rates": [1])")),
              HasSubstr("load.targets: must be text without a NUL character"));
}

TEST(TargetList, HasServersThatRunAlready) {
  const ExperimentTarget target = target_with(R"("url": "https://localhost/", "pid": 7, "ready": {"within": "1s"})");
  EXPECT_EQ(target.kind, TargetKind::url);
  EXPECT_EQ(target.url, "https://localhost/");
  EXPECT_EQ(target.pid, 7);
}

TEST(TargetList, RefusesWhatIsNeitherOrBoth) {
  EXPECT_THAT(failure_with(R"("server": {}, "url": "http://h/")"),
              HasSubstr("a target is a server, a command or a url"));
  EXPECT_THAT(failure_with(R"("sever": {})"), HasSubstr("did you mean \"server\"?"));
  EXPECT_THAT(failure_with(R"("url": "http://h/", "directory": "a")"), HasSubstr("targets.0.directory: unknown key"));
  EXPECT_THAT(failure(with_targets("[]")), HasSubstr("targets: must be a list of 1 to 200 targets"));
}

TEST(TargetList, RefusesCommandsThatCannotBeLoaded) {
  EXPECT_THAT(failure_with(R"("command": [])"), HasSubstr("targets.0.command: must be a list of a program and"));
  EXPECT_THAT(failure_with(R"("command": "nginx")"), HasSubstr("targets.0.command: must be a list"));
  EXPECT_THAT(failure_with(R"("command": ["nginx"])"), HasSubstr("targets.0.command: is not told {port}"));
  EXPECT_THAT(failure_with(R"("command": ["a", "{port}"], "url": "http://127.0.0.1:80/")"),
              HasSubstr("targets.0.command: is given {port}, but url names another port"));
  EXPECT_THAT(failure_with(R"("command": ["a", "{port}"], "url": "127.0.0.1:{port}")"), HasSubstr("targets.0.url"));
  EXPECT_THAT(failure_with(R"("command": ["a", "{port}"], "url": "https://127.0.0.1:{port}")"),
              HasSubstr("must begin with http://"));
  EXPECT_THAT(failure_with(R"("command": ["a", "{port}"], "ready": {"within": "10"})"),
              HasSubstr("targets.0.ready.within: must be a time from 100ms to 10m"));
  EXPECT_THAT(failure_with(R"("command": ["a", "{port}"], "ready": {"path": "up"})"),
              HasSubstr("targets.0.ready.path: must begin with /"));
  EXPECT_EQ(target_with(R"("command": ["a"], "url": "http://127.0.0.1:80/")").url, "http://127.0.0.1:80/");
}

TEST(TargetList, RefusesRunningServersThatCannotBe) {
  EXPECT_THAT(failure_with(R"("url": "http://127.0.0.1:{port}/")"), HasSubstr("has no {port} to be filled in"));
  EXPECT_THAT(failure_with(R"("url": "http://h/", "pid": 0)"), HasSubstr("targets.0.pid: must be the id of a process"));
}

TEST(TargetList, RefusesNamesThatCannotBeToldApart) {
  EXPECT_THAT(failure(with_targets(R"([{"name": "a"}, {"name": "a"}])")),
              HasSubstr("targets.1.name: \"a\" is the name of an earlier target"));
  EXPECT_THAT(failure(with_targets(R"([{"name": "a/b"}])")), HasSubstr("targets.0.name: must be 1 to 40 letters"));
  EXPECT_THAT(failure(with_targets(R"([{}])")), HasSubstr("targets.0.name: is missing"));
}

TEST(TargetList, RefusesSettingsThatTheExperimentMakes) {
  EXPECT_THAT(failure_with(R"("server": {"listen": {"port": 80}})"),
              HasSubstr("targets.0.server.listen.port: is set by the experiment itself"));
  EXPECT_THAT(failure_with(R"("server": {"backend.mode": "timer"})"), HasSubstr("is set by the experiment itself"));
  EXPECT_THAT(target_with(R"("server": {"backend.timeout": "9s"})").settings, ElementsAre("backend.timeout=9s"));
}

TEST(TargetList, AServerMayBeAskedForAPathOfItsOwn) {
  EXPECT_EQ(target_with(R"("path": "/fanout?calls=5")").path, "/fanout?calls=5");
  EXPECT_THAT(failure_with(R"("path": "fanout")"), HasSubstr("targets.0.path: must begin with /"));
  EXPECT_THAT(failure_with(R"("url": "http://h/", "path": "/a")"), HasSubstr("targets.0.path: unknown key"));
}

TEST(TargetList, RefusesASettingGivenNestedAndDotted) {
  EXPECT_THAT(failure_with(R"("server": {"limits.body_bytes": "1KiB", "limits": {"body_bytes": "2KiB"}})"),
              HasSubstr("limits.body_bytes is given twice"));
}

TEST(Sweep, MultipliesATarget) {
  const Experiment experiment = parse(with_targets(
      R"([{"name": "pool", "server": {"strategy": "fixed-pool", "strategies.fixed-pool.threads": 1},
           "sweep": {"strategies.fixed-pool.threads": [4, 8]}}, {"name": "loop"}])"));
  EXPECT_THAT(names_of(experiment), ElementsAre("pool-4", "pool-8", "loop"));
  const ExperimentTarget& second = experiment.targets[1];
  EXPECT_EQ(second.family, "pool");
  EXPECT_THAT(second.sweep, ElementsAre("strategies.fixed-pool.threads=8"));
  EXPECT_THAT(second.settings, ElementsAre("strategy=fixed-pool", "strategies.fixed-pool.threads=8"));
  EXPECT_EQ(second.strategy, "fixed-pool");
  EXPECT_EQ(experiment.targets[2].family, "loop");
  EXPECT_THAT(experiment.targets[2].sweep, IsEmpty());
}

TEST(Sweep, OfTheWholeExperimentMultipliesEveryServer) {
  const Experiment experiment = parse(with_targets(
      R"([{"name": "a"}, {"name": "b", "sweep": {"strategy": ["fixed-pool", "event-loop"]}},
          {"name": "c", "url": "http://127.0.0.1:9"}], "sweep": {"limits.max_connections": [64, "auto"]})"));
  EXPECT_THAT(names_of(experiment), ElementsAre("a-64", "a-auto", "b-64-fixed-pool", "b-64-event-loop",
                                                "b-auto-fixed-pool", "b-auto-event-loop", "c"));
}

TEST(Sweep, OfACommandFillsItsPlaceholders) {
  const Experiment experiment = parse(
      with_targets(R"([{"name": "a", "command": ["a", "{port}", "-w", "{workers}"], "sweep": {"workers": [1, 2]}}])"));
  EXPECT_THAT(names_of(experiment), ElementsAre("a-1", "a-2"));
  EXPECT_THAT(failure_with(R"("command": ["a", "{port}"], "sweep": {"workers": [1, 2]})"),
              HasSubstr("targets.0.sweep.workers: must stand as {workers} in the command"));
}

TEST(Sweep, RefusesWhatCannotBeSwept) {
  EXPECT_THAT(failure_with(R"("sweep": {})"), HasSubstr("targets.0.sweep: is empty"));
  EXPECT_THAT(failure_with(R"("sweep": {"strategy": []})"), HasSubstr("targets.0.sweep.strategy: is empty"));
  EXPECT_THAT(failure_with(R"("sweep": {"strategy": "fixed-pool"})"), HasSubstr("must be a list"));
  EXPECT_THAT(failure_with(R"("sweep": {"strategy": ["a", "a"]})"), HasSubstr("sweep.strategy.1: a is given twice"));
  EXPECT_THAT(failure_with(R"("sweep": {"strategy": [{}]})"), HasSubstr("must be a single value"));
  EXPECT_THAT(failure_with(R"("sweep": {"listen.port": [1, 2]})"), HasSubstr("it can't be swept"));
  EXPECT_THAT(failure_with(R"("sweep": {"listen.address": ["a b"]})"), HasSubstr("it can't be swept"));
  EXPECT_THAT(failure_with(R"("sweep": {"limits.body_bytes": ["1 KiB"]})"), HasSubstr("must be 1 to 40 letters"));
  EXPECT_THAT(failure(with_targets(R"([{"name": "a", "url": "http://h/"}], "sweep": {"strategy": ["a"]})")),
              HasSubstr("sweep: is of servers, and none of the targets is one"));
  EXPECT_THAT(failure(with_targets(R"([{"name": "a", "sweep": {"k": [1]}}], "sweep": {"k": [2]})")),
              HasSubstr("targets.0.sweep.k: is swept by the whole experiment already"));
}

}  // namespace
}  // namespace waitlab::client
