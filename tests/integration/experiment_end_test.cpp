#include "tests/integration/experiment_command.hpp"
#include "tests/support/log_writers.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <fstream>

namespace waitlab {
namespace {

namespace fs = std::filesystem;

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

/// A server that never gets done with the first request for anything but /ready, and then answers nothing any more.
constexpr const char* stuck_server = R"(
import http.server, threading
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/ready":
            threading.Event().wait()
        self.send_response(200)
        self.end_headers()
    def log_message(self, *arguments): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
)";

TEST_F(ExperimentCommand, AServerThatRunsOnIsNotLoadedWithWhatTheRunBeforeLeftInIt) {
  auto server = ChildProcess::start({.command = {"/usr/bin/python3", "-c", stuck_server}}).value();
  const std::string port = server.read_line(patience).value();
  write_experiment({{"targets",
                     {{{"name", "stuck"},
                       {"url", "http://127.0.0.1:" + port},
                       {"ready", {{"path", "/ready"}, {"within", "200ms"}}}}}},
                    {"load", {{"timeout", "100ms"}}},
                    {"repeats", 2}});
  const ExperimentOutcome outcome = run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.result["runs"].size(), 1U) << outcome.errors;
  ASSERT_EQ(outcome.result["missing"].size(), 3U);
  for (const json& missing : outcome.result["missing"])
    EXPECT_THAT(missing["reason"], HasSubstr("requests in a server that can't be asked: stuck was not ready within"));
}

TEST_F(ExperimentCommand, RunsWithoutTheirBackendAreMissing) {
  write_experiment({{"load", {{"duration", "2s"}}}});
  ChildProcess client = start();
  wait_for("[1/4]", client);
  for (const pid_t backend : log_writers(results_folder() / "logs/backend.log"))
    ::kill(backend, SIGKILL);
  const ExperimentOutcome outcome = finish(client);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(outcome.result["runs"].empty()) << outcome.result["runs"].size();
  ASSERT_EQ(outcome.result["missing"].size(), 4U) << outcome.errors;
  for (const json& missing : outcome.result["missing"])
    EXPECT_THAT(missing["reason"], HasSubstr("the backend ended by signal 9"));
}

TEST_F(ExperimentCommand, AnInterruptedOneKeepsWhatItHasAndLeavesNothingRunning) {
  write_experiment({{"load", {{"rates", {40, 41}}, {"duration", "1s"}}}, {"repeats", 50}});
  ChildProcess client = start();
  wait_for("[2/", client);
  client.signal(SIGINT);
  const ExperimentOutcome outcome = finish(client);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(outcome.result["interrupted"]);
  EXPECT_GE(outcome.result["runs"].size(), 1U);
  EXPECT_EQ(outcome.result["runs"].size() + outcome.result["missing"].size(), 200U);
  EXPECT_THAT(outcome.page, HasSubstr("interrupted"));
  EXPECT_THAT(log_writers(out_), IsEmpty());
}

/// A server of others that is told to end in vain, with a child; it never gets ready.
constexpr const char* stubborn_server = "trap '' TERM; sleep 1000 & echo up; wait; sleep 1000";

TEST_F(ExperimentCommand, AClosedTerminalEndsAllThatACommandHasStarted) {
  write_experiment({{"targets", {{{"name", "mine"}, {"command", {"sh", "-c", stubborn_server, "sh", "{port}"}}}}}});
  ChildProcess client = start();
  wait_for("up", "logs/mine-1.log", client);
  client.signal(SIGHUP);
  const ExperimentOutcome outcome = finish(client);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(outcome.result["interrupted"]);
  EXPECT_THAT(log_writers(out_), IsEmpty());
}

TEST_F(ExperimentCommand, ASecondSignalKillsAllThatACommandHasStarted) {
  write_experiment({{"targets", {{{"name", "mine"}, {"command", {"sh", "-c", stubborn_server, "sh", "{port}"}}}}}});
  ChildProcess client = start();
  wait_for("up", "logs/mine-1.log", client);
  client.signal(SIGINT);
  client.signal(SIGTERM);
  EXPECT_EQ(client.wait(patience), 128 + SIGTERM);
  EXPECT_THAT(log_writers(out_), IsEmpty());
}

TEST_F(ExperimentCommand, GoesOnToItsEndWhenNobodyReadsAnyMore) {
  write_experiment();
  const std::string client = WAITLAB_BIN_DIR "/waitlab-client experiment " + file_ + " --out " + out_.string();
  const std::string exit_code = (folder_ / "exit_code").string();
  auto shell = ChildProcess::start(
                   {.command = {"/bin/sh", "-c", "{ " + client + "; echo $? >" + exit_code + "; } 2>&1 | head -n 1"},
                    .stderr_file = "/dev/null"})
                   .value();
  EXPECT_EQ(shell.wait(patience), 0);
  EXPECT_EQ(read_text(exit_code), "1\n") << "stdout cannot be written";
  EXPECT_EQ(json::parse(read_text(results_folder() / "result.json"))["runs"].size(), 4U);
  EXPECT_THAT(read_text(results_folder() / "report.html"), HasSubstr("</html>"));
  EXPECT_THAT(log_writers(out_), IsEmpty());
}

/// A folder with programs as `--bin` wants it. A server with a pool leaves the file `begun` there and does nothing
/// more.
fs::path with_a_pool_that_never_starts(const fs::path& bin) {
  fs::create_directories(bin);
  fs::create_symlink(WAITLAB_BIN_DIR "/waitlab-backend", bin / "waitlab-backend");
  std::ofstream(bin / "waitlab-server") << "#!/bin/sh\n"
                                           "case \"$*\" in *--check-config*|*--print-facts*) ;;\n"
                                           "*fixed-pool*) touch '"
                                        << (bin / "begun").string()
                                        << "'; exec sleep 1000;; esac\n"
                                           "exec " WAITLAB_BIN_DIR "/waitlab-server \"$@\"\n";
  fs::permissions(bin / "waitlab-server", fs::perms::owner_all);
  return bin;
}

TEST_F(ExperimentCommand, AKilledOneIsGoneOnWith) {
  write_experiment({{"load", {{"arrivals", "poisson"}}}, {"repeats", 2}, {"order", {{"shuffled", false}}}});
  {
    ChildProcess client = start({"--request-logs", "--bin", with_a_pool_that_never_starts(folder_ / "bin").string()});
    // The first session, of two runs, is over and kept once the next has begun, which will not end.
    wait_until([this] { return fs::exists(folder_ / "bin/begun"); }, client);
    // The backend writes its log a moment later.
    const auto lines = [this](const char* log) {
      const std::string text = read_text(results_folder() / "logs" / log);
      return std::count(text.begin(), text.end(), '\n');
    };
    wait_until([&] { return lines("holds.csv") >= lines("loop-1-requests.csv"); }, client);
    client.signal(SIGKILL);
    client.wait(patience);
  }
  const fs::path results = results_folder();
  const json kept = json::parse(read_text(results / "result.json"));
  EXPECT_EQ(kept["runs"].size(), 2U);
  EXPECT_EQ(kept["missing"].size(), 6U);
  EXPECT_EQ(kept["missing"][0]["reason"], "the experiment ended before its turn");

  const ExperimentOutcome outcome = run_with({"--resume", results.string()});
  ASSERT_TRUE(outcome.exit_code == 0 || outcome.exit_code == 3) << outcome.errors;
  EXPECT_THAT(outcome.errors, HasSubstr("[6/6] pool at 150/s, repeat 2 of 2"));
  ASSERT_EQ(outcome.result["runs"].size(), 8U);
  EXPECT_EQ(outcome.result["runs"][0], kept["runs"][0]);
  EXPECT_EQ(outcome.result["runs"][7]["hold_log"], "logs-2/holds.csv");
  EXPECT_TRUE(outcome.result["missing"].empty());
  EXPECT_FALSE(outcome.result["interrupted"]);
  EXPECT_EQ(check(results)["checks"].size(), 8U) << "whatever part a run is of, its logs are there";
  for (const char* log :
       {"logs/holds.csv", "logs-2/holds.csv", "logs/loop-1-requests.csv", "logs-2/pool-1-requests.csv"})
    EXPECT_THAT(read_text(results / log), HasSubstr(",/wait,")) << log;

  EXPECT_THAT(run_with({"--resume", results.string()}).output, HasSubstr("has all of its runs"));
  json invalid = outcome.result;
  invalid["runs"][0]["load"]["invalid_because"] = {"the client fell behind"};
  std::ofstream(results / "result.json") << invalid.dump();
  EXPECT_EQ(run_with({"--resume", results.string()}).exit_code, 3) << "there is nothing to do, and it is not good";
  const ExperimentOutcome again = run_with({"--resume", results.string(), "--redo-invalid"});
  EXPECT_EQ(again.result["runs"].size(), 8U) << again.errors;
  EXPECT_GE(again.result["made_again"], 1);
  EXPECT_THAT(again.output, HasSubstr("INVALID and made again.")) << again.errors;
  write_experiment({{"repeats", 3}});
  const ExperimentOutcome changed = run_with({"--resume", results.string()});
  EXPECT_EQ(changed.exit_code, 2);
  EXPECT_THAT(changed.errors, HasSubstr("tiny.jsonc is no longer what"));
}

}  // namespace
}  // namespace waitlab
