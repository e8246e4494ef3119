#include "tests/integration/experiment_command.hpp"
#include "tests/support/log_writers.hpp"
#include "tests/support/schema.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

namespace waitlab {
namespace {

namespace fs = std::filesystem;

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(ExperimentCommand, ComparesTheTargetsUnderTheSameLoad) {
  write_experiment();
  const ExperimentOutcome outcome = run();
  ASSERT_TRUE(outcome.exit_code == 0 || outcome.exit_code == 3) << outcome.errors;  // 3: this machine is busy
  ASSERT_EQ(outcome.result["runs"].size(), 4U);
  for (const json& one : outcome.result["runs"]) {
    EXPECT_EQ(one["load"]["requests"]["sent"], one["level"] == 40 ? 20 : 75);
    EXPECT_FALSE(one["server"]["samples"].empty());
    EXPECT_GE(one["server"]["peak_threads"], one["target"] == "pool" ? 3 : 1);
    EXPECT_GT(one["server"]["usage"]["cpu_seconds"], 0);
    EXPECT_GT(one["server"]["usage"]["completed"], 0);
    EXPECT_GE(one["mean_hold_seconds"], 0.02);
    EXPECT_EQ(one["lanes"].is_array(), one["level"] == 150) << "one picture of each target, at its highest level";
  }
  const json& loop = outcome.result["targets"][0];
  const json& pool = outcome.result["targets"][1];
  EXPECT_EQ(loop["facts"]["worker"], "loop");
  EXPECT_EQ(loop["threads"], nullptr);
  EXPECT_EQ(pool["facts"]["at_once"], 2);
  EXPECT_EQ(pool["threads"], 2);
  EXPECT_EQ(outcome.result["runs"][1]["seed"], outcome.result["runs"][3]["seed"]);  // the same level
  EXPECT_TRUE(outcome.result["missing"].empty());
  EXPECT_THAT(outcome.output, HasSubstr("150/s offered"));
  EXPECT_THAT(outcome.output, HasSubstr("CPU"));
  EXPECT_THAT(outcome.output, HasSubstr(out_.string()));
  EXPECT_THAT(outcome.page, HasSubstr("</html>"));
  EXPECT_TRUE(fits_schema((results_folder() / "result.json").string(), "experiment-result.schema.json"));
  EXPECT_THAT(log_writers(out_), IsEmpty());
}

/// That one of the checks found all of its run's requests in the logs.
void expect_whole_logs(const json& one) {
  bool complete = false;
  for (const json& condition : one["conditions"])
    complete |=
        condition["met"] == true && condition["text"].get<std::string>().find("are in the logs") != std::string::npos;
  EXPECT_TRUE(complete) << one.dump(1);
  EXPECT_NE(one["findings"][0]["verdict"], "not judged");
}

TEST_F(ExperimentCommand, WithRequestLogsHasAllThatCheckNeeds) {
  write_experiment({{"load", {{"arrivals", "poisson"}}}});
  const ExperimentOutcome outcome = run({"--request-logs"});
  ASSERT_EQ(outcome.result["runs"].size(), 4U) << outcome.errors;
  for (const json& one : outcome.result["runs"]) {
    EXPECT_EQ(one["hold_log"], "logs/holds.csv");
    EXPECT_THAT(one["request_log"].get<std::string>(),
                testing::MatchesRegex("logs/" + one["target"].get<std::string>() + "-1(-again-1)?-requests.csv"));
  }

  const fs::path moved = folder_ / "moved";
  fs::rename(fs::directory_iterator(out_)->path(), moved);
  const json checked = check(moved);
  ASSERT_EQ(checked["checks"].size(), 4U);
  for (const json& one : checked["checks"])
    expect_whole_logs(one);
  EXPECT_THAT(checked.dump(), HasSubstr("fixed-pool of 2 threads"));
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
  const ExperimentOutcome outcome = run({"--bin", (folder_ / "bin").string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.result["runs"].size(), 2U);
  ASSERT_EQ(outcome.result["missing"].size(), 2U);
  EXPECT_EQ(outcome.result["missing"][0]["target"], "pool");
  EXPECT_EQ(outcome.result["missing"][0]["reason"], "pool ended with exit code 1: no room for a pool");
  EXPECT_THAT(outcome.output,
              HasSubstr("! pool at 40/s (not measured) and pool at 150/s (not measured): pool ended with\n"
                        "exit code 1: no room for a pool\n"));
  EXPECT_THAT(outcome.page, HasSubstr("no room for a pool"));
}

TEST_F(ExperimentCommand, AResultThatCannotBeReadIsOneLine) {
  fs::create_directories(out_);
  for (const char* text :
       {"", "{\"schema_version\": 2, \"exper", "no JSON", "[]", R"({"schema_version": 1, "experiment": {}})"}) {
    std::ofstream(out_ / "result.json") << text;
    const ExperimentOutcome outcome = run_with({"--resume", out_.string()});
    EXPECT_EQ(outcome.exit_code, 2) << text;
    EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1) << outcome.errors;
    EXPECT_THAT(outcome.errors, HasSubstr((out_ / "result.json").string()));
  }
}

/// A server that answers everything, `{requests}` times; then it ends with exit code 7.
constexpr const char* mortal_server = R"(
import http.server, itertools, os, sys
count = itertools.count(1)
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        if next(count) > int(sys.argv[2]):
            os.write(2, b"had enough \xff\n")
            os._exit(7)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *arguments): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
)";

TEST_F(ExperimentCommand, ComparesAnyCommandAndTellsOfOneThatDies) {
  write_experiment({{"targets",
                     {{{"name", "mine"},
                       {"command", {"/usr/bin/python3", "-c", mortal_server, "{port}", "{requests}"}},
                       {"ready", {{"within", "30s"}}},
                       {"sweep", {{"requests", {3, 1000000}}}}}}},
                    {"load", {{"connections", {1}}, {"rates", nullptr}, {"arrivals", nullptr}}}});
  const ExperimentOutcome outcome = run();
  EXPECT_EQ(outcome.exit_code, 1);
  ASSERT_EQ(outcome.result["missing"].size(), 1U) << outcome.errors;
  EXPECT_EQ(outcome.result["missing"][0]["target"], "mine-3");
  EXPECT_EQ(outcome.result["missing"][0]["reason"], "mine-3 ended with exit code 7: had enough \ufffd");
  ASSERT_EQ(outcome.result["runs"].size(), 1U);
  const json& run = outcome.result["runs"][0];
  EXPECT_EQ(run["target"], "mine-1000000");
  EXPECT_EQ(run["level"], 1);
  EXPECT_GT(run["load"]["requests"]["completed"], 0);
  EXPECT_GT(run["server"]["peak_rss_bytes"], 1 << 20);
  EXPECT_GT(run["server"]["usage"]["completed"], 0) << "by the client's count";
  EXPECT_TRUE(run["server"]["peak_in_flight"].is_null());
  EXPECT_THAT(outcome.output, HasSubstr("-- 1 connection ---"));
  EXPECT_THAT(outcome.output, HasSubstr("--resume " + fs::directory_iterator(out_)->path().string()));
  EXPECT_THAT(log_writers(out_), IsEmpty());
}

TEST_F(ExperimentCommand, TargetsThatCannotBeReachedAreMissingAndTheOthersMeasured) {
  auto other = ChildProcess::start({.command = {WAITLAB_BIN_DIR "/waitlab-backend", "--set", "listen.port=0"}}).value();
  std::istringstream said(other.read_line(patience).value());  // "listening on 127.0.0.1:8081 (backend)"
  std::string taken;
  said >> taken >> taken >> taken;
  const json soon = {{"within", "100ms"}};
  write_experiment(
      {{"targets",
        {{{"name", "mute"}, {"command", {"sleep", "1000"}}, {"url", "http://127.0.0.1:1"}, {"ready", soon}},
         {{"name", "late"}, {"command", {"sleep", "1000"}}, {"url", "http://" + taken}},
         {{"name", "down"}, {"url", "http://127.0.0.1:1"}, {"ready", soon}},
         {{"name", "loop"}, {"server", {{"strategy", "event-loop"}}}}}},
       {"load", {{"rates", {40}}}}});
  const ExperimentOutcome outcome = run();
  EXPECT_EQ(outcome.exit_code, 1);
  ASSERT_EQ(outcome.result["runs"].size(), 1U) << outcome.errors;
  EXPECT_EQ(outcome.result["runs"][0]["target"], "loop");
  std::map<std::string, std::string> reasons;
  for (const json& missing : outcome.result["missing"])
    reasons[missing["target"]] = missing["reason"];
  EXPECT_THAT(reasons["mute"], HasSubstr("mute was not ready within 100ms: GET 127.0.0.1:1/wait"));
  EXPECT_THAT(reasons["late"], HasSubstr("something listens at " + taken + " already; stop it, or write"));
  EXPECT_THAT(reasons["down"], HasSubstr("down was not ready within 100ms"));
  for (const auto& [target, reason] : reasons)
    EXPECT_THAT(outcome.page, HasSubstr(reason)) << target;
  EXPECT_THAT(log_writers(out_), IsEmpty());
}

TEST_F(ExperimentCommand, ADryRunTellsThePlanAndStartsNothing) {
  write_experiment();
  const ExperimentOutcome outcome = run({"--dry-run", "--quick"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
  EXPECT_THAT(outcome.output, HasSubstr("loop        waitlab-server --set strategy=event-loop"));
  EXPECT_THAT(outcome.output, HasSubstr("That is 4 runs in 2 sessions, about 5 s."));
  EXPECT_FALSE(fs::exists(out_));
}

TEST_F(ExperimentCommand, WithoutAFileListsThoseThatComeAlong) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{}, {"--list"}}) {
    const ExperimentOutcome outcome = run_with(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.errors;
    EXPECT_THAT(outcome.output, HasSubstr("threads-vs-waiting"));
  }
  const ExperimentOutcome unknown = run_with({"threads-vs-waitin"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.errors, HasSubstr("did you mean 'threads-vs-waiting'?"));
}

TEST_F(ExperimentCommand, AFileThatIsWrongIsOneLineAndStartsNothing) {
  write_experiment({{"load", {{"rate", 5}}}});
  ExperimentOutcome outcome = run();
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
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--nonsense"}, {"second", "third"}, {"--list", "--resume", "results"}}) {
    const ExperimentOutcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1) << outcome.errors;
  }
  const ExperimentOutcome outcome = run();  // there is no file yet
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.errors, HasSubstr(file_));
}

TEST_F(ExperimentCommand, MissingProgramsAreNamedWithTheRemedy) {
  write_experiment();
  const ExperimentOutcome outcome = run({"--bin", folder_.string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.errors, HasSubstr("waitlab-server is missing; build it, or give the folder"));
  EXPECT_FALSE(fs::exists(out_));
}

}  // namespace
}  // namespace waitlab
