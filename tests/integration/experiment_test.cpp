#include "common/process/child_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace waitlab {
namespace {

namespace fs = std::filesystem;

using nlohmann::json;
using testing::HasSubstr;

constexpr std::chrono::seconds patience{60};

/// What a run of `waitlab-client experiment` left behind.
struct Outcome {
  int exit_code = -1;
  std::string output;  ///< stdout
  std::string errors;  ///< stderr
  json result;         ///< result.json, null if there is none
  std::string page;    ///< report.html
};

std::string read_text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// Whether any process still writes its stderr into the folder, as all that an experiment starts do.
bool has_writers(const fs::path& folder) {
  for (const fs::directory_entry& process : fs::directory_iterator("/proc")) {
    std::error_code not_a_process;
    const fs::path log = fs::read_symlink(process.path() / "fd/2", not_a_process);
    if (log.string().starts_with(folder.string())) return true;
  }
  return false;
}

class ExperimentCommand : public testing::Test {
 protected:
  ExperimentCommand() { fs::create_directories(folder_); }
  ~ExperimentCommand() override { fs::remove_all(folder_); }

  /// Two targets, two rates, one repeat: about two seconds. `changes` are merged into it.
  void write_experiment(const json& changes = json::object()) const {
    json experiment = json::parse(R"({
      "name": "tiny",
      "targets": [
        {"name": "loop", "server": {"strategy": "event-loop"}},
        {"name": "pool", "server": {"strategy": "fixed-pool", "strategies": {"fixed-pool": {"threads": 2}}}}
      ],
      "backend": {"profile": {"delay": {"distribution": "fixed", "value": "20ms"}}},
      "load": {"arrivals": "constant", "rates": [40, 150], "duration": "500ms", "warmup": "100ms", "timeout": "5s",
               "seed": 3},
      "repeats": 1
    })");
    experiment.merge_patch(changes);
    std::ofstream(file_) << "// a comment\n" << experiment.dump(1);
  }

  ChildProcess start(std::vector<std::string> more = {}) const {
    std::vector<std::string> command{WAITLAB_BIN_DIR "/waitlab-client", "experiment", file_, "--out", out_.string()};
    command.insert(command.end(), more.begin(), more.end());
    return ChildProcess::start({.command = command, .stderr_file = (folder_ / "stderr").string()}).value();
  }

  Outcome finish(ChildProcess& client) const {
    Outcome outcome;
    while (const auto line = client.read_line(patience))
      outcome.output += *line + "\n";
    outcome.exit_code = client.wait(patience).value_or(-1);
    outcome.errors = read_text(folder_ / "stderr");
    if (!fs::exists(out_)) return outcome;
    for (const fs::directory_entry& entry : fs::directory_iterator(out_)) {
      outcome.result = json::parse(read_text(entry.path() / "result.json"), nullptr, false);
      outcome.page = read_text(entry.path() / "report.html");
    }
    return outcome;
  }

  Outcome run(std::vector<std::string> more = {}) const {
    ChildProcess client = start(std::move(more));
    return finish(client);
  }

  const fs::path folder_ = fs::path(testing::TempDir()) /
                           ("experiment-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
  const fs::path out_ = folder_ / "results";
  const std::string file_ = (folder_ / "tiny.jsonc").string();
};

TEST_F(ExperimentCommand, ComparesTheTargetsUnderTheSameLoad) {
  write_experiment();
  const Outcome outcome = run();
  ASSERT_TRUE(outcome.exit_code == 0 || outcome.exit_code == 3) << outcome.errors;  // 3: this machine is busy
  ASSERT_EQ(outcome.result["runs"].size(), 4U);
  for (const json& one : outcome.result["runs"]) {
    EXPECT_EQ(one["load"]["requests"]["sent"], one["level"] == 40 ? 20 : 75);
    EXPECT_FALSE(one["server"]["samples"].empty());
    EXPECT_GE(one["server"]["peak_threads"], one["target"] == "pool" ? 3 : 1);
    EXPECT_GT(one["server"]["usage"]["cpu_seconds"], 0);
    EXPECT_GT(one["server"]["usage"]["completed"], 0);
    EXPECT_GE(one["mean_hold_seconds"], 0.02);
  }
  EXPECT_EQ(outcome.result["runs"][1]["seed"], outcome.result["runs"][3]["seed"]);
  EXPECT_TRUE(outcome.result["missing"].empty());
  EXPECT_THAT(outcome.output, HasSubstr("150/s offered"));
  EXPECT_THAT(outcome.output, HasSubstr("CPU"));
  EXPECT_THAT(outcome.output, HasSubstr(out_.string()));
  EXPECT_THAT(outcome.page, HasSubstr("</html>"));
  EXPECT_FALSE(has_writers(out_));
}

/// What `waitlab-client check` says of the results, as JSON; null if it could not.
json check(const fs::path& results) {
  auto client =
      ChildProcess::start({.command = {WAITLAB_BIN_DIR "/waitlab-client", "check", results.string(), "--json", "-"},
                           .stderr_file = "/dev/null"})
          .value();
  std::string output;
  while (const auto line = client.read_line(patience))
    output += *line + "\n";
  const int exit_code = client.wait(patience).value_or(-1);
  EXPECT_TRUE(exit_code == 0 || exit_code == 3 || exit_code == 4) << exit_code;  // what differs is the machine's affair
  return json::parse(output, nullptr, false);
}

TEST_F(ExperimentCommand, WithRequestLogsHasAllThatCheckNeeds) {
  write_experiment({{"load", {{"arrivals", "poisson"}}}});
  const Outcome outcome = run({"--request-logs"});
  ASSERT_EQ(outcome.result["runs"].size(), 4U) << outcome.errors;
  EXPECT_EQ(outcome.result["backend"]["hold_log"], "logs/holds.csv");
  EXPECT_EQ(outcome.result["runs"][0]["request_log"], "logs/loop-1-requests.csv");

  const fs::path moved = folder_ / "moved";
  fs::rename(fs::directory_iterator(out_)->path(), moved);
  const json checked = check(moved);
  ASSERT_EQ(checked["checks"].size(), 4U);
  for (const json& one : checked["checks"]) {
    bool complete = false;
    for (const json& condition : one["conditions"])
      complete |=
          condition["met"] == true && condition["text"].get<std::string>().find("are in the logs") != std::string::npos;
    EXPECT_TRUE(complete) << one.dump(1);
    EXPECT_NE(one["findings"][0]["verdict"], "not judged");
  }
  const std::string pool = checked["checks"][2]["setting"];
  EXPECT_THAT(pool, HasSubstr("fixed-pool of 2 threads"));
}

TEST_F(ExperimentCommand, ATargetThatCannotStartLeavesTheOthersTheirTurn) {
  write_experiment();
  fs::create_directories(folder_ / "bin");
  fs::create_symlink(WAITLAB_BIN_DIR "/waitlab-backend", folder_ / "bin/waitlab-backend");
  std::ofstream(folder_ / "bin/waitlab-server") << "#!/bin/sh\n"
                                                   "case \"$*\" in *--check-config*) exit 0;;\n"
                                                   "*fixed-pool*) echo 'no room for a pool' >&2; exit 1;; esac\n"
                                                   "exec " WAITLAB_BIN_DIR "/waitlab-server \"$@\"\n";
  fs::permissions(folder_ / "bin/waitlab-server", fs::perms::owner_all);
  const Outcome outcome = run({"--bin", (folder_ / "bin").string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.result["runs"].size(), 2U);
  ASSERT_EQ(outcome.result["missing"].size(), 2U);
  EXPECT_EQ(outcome.result["missing"][0]["target"], "pool");
  EXPECT_EQ(outcome.result["missing"][0]["reason"], "pool ended with exit code 1: no room for a pool");
  EXPECT_THAT(outcome.output, HasSubstr("! pool at 40/s, not measured: pool ended with exit code 1"));
  EXPECT_THAT(outcome.page, HasSubstr("no room for a pool"));
}

TEST_F(ExperimentCommand, AnInterruptedOneKeepsWhatItHasAndLeavesNothingRunning) {
  write_experiment({{"load", {{"rates", {40, 41}}, {"duration", "1s"}}}, {"repeats", 50}});
  ChildProcess client = start();
  while (read_text(folder_ / "stderr").find("[2/") == std::string::npos &&
         !client.wait(std::chrono::milliseconds{20})) {
  }
  client.signal(SIGINT);
  const Outcome outcome = finish(client);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(outcome.result["interrupted"]);
  EXPECT_GE(outcome.result["runs"].size(), 1U);
  EXPECT_EQ(outcome.result["runs"].size() + outcome.result["missing"].size(), 200U);
  EXPECT_THAT(outcome.page, HasSubstr("interrupted"));
  EXPECT_FALSE(has_writers(out_));
}

TEST_F(ExperimentCommand, AFileThatIsWrongIsOneLineAndStartsNothing) {
  write_experiment({{"load", {{"rate", 5}}}});
  Outcome outcome = run();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.errors, HasSubstr("tiny.jsonc:"));
  EXPECT_THAT(outcome.errors, HasSubstr("did you mean \"rates\"?"));
  EXPECT_FALSE(fs::exists(out_));

  write_experiment({{"targets", {{{"name", "loop"}, {"server", {{"strategy", "event-lop"}}}}}}});
  outcome = run();
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.errors, HasSubstr("target loop: "));
  EXPECT_THAT(outcome.errors, HasSubstr("event-loop"));
  EXPECT_FALSE(fs::exists(out_));
}

TEST_F(ExperimentCommand, WrongUsageIsOneLine) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--nonsense"}, {"second", "third"}}) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1) << outcome.errors;
  }
  const Outcome outcome = run();  // there is no file yet
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.errors, HasSubstr(file_));
}

TEST_F(ExperimentCommand, MissingProgramsAreNamedWithTheRemedy) {
  write_experiment();
  const Outcome outcome = run({"--bin", folder_.string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("waitlab-server is missing; build it, or give the folder"));
  EXPECT_FALSE(fs::exists(out_));
}

}  // namespace
}  // namespace waitlab
