#include "client/experiment/running_target.hpp"

#include "common/net/http_get.hpp"
#include "common/net/socket_address.hpp"
#include "common/process/process_tree.hpp"
#include "tests/support/log_writers.hpp"
#include "tests/support/temporary_file.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class CommandTargets : public testing::Test {
 protected:
  static ExperimentTarget command(const std::string& script) {
    ExperimentTarget target;
    target.name = "mine";
    target.kind = TargetKind::command;
    target.command = {"/bin/sh", "-c", script};
    target.url = "http://127.0.0.1:{port}";
    target.ready.within = 30s;
    return target;
  }

  Result<std::unique_ptr<RunningTarget>> start(const ExperimentTarget& target, const std::stop_token& stop = {}) {
    const TargetEnvironment environment{.path = "/",
                                        .backend_address = "127.0.0.1:7",
                                        .backend_settings = {},
                                        .cpus = {},
                                        .log = log_.path(),
                                        .request_log = {}};
    return start_target({}, target, environment, stop);
  }

  std::string failure_of(const ExperimentTarget& target) {
    const auto started = start(target);
    return started ? "started" : started.error().message;
  }

  TemporaryFile log_{".log"};
};

TEST_F(CommandTargets, AreLookedAtBeforeTheyAreStarted) {
  const auto wrong = [](const ExperimentTarget& target) {
    const auto checked = check_command(target);
    return checked ? std::string("nothing") : checked.error().message;
  };
  EXPECT_EQ(wrong(command("serve {port} {backend} awk '{print}' ${HOME}")), "nothing");
  EXPECT_EQ(wrong(command("serve {prot}")), "mine: there is no placeholder {prot}; did you mean {port}?");
  ExperimentTarget target = command("serve");
  target.environment = {"BACKEND={bakend}"};
  EXPECT_THAT(wrong(target), HasSubstr("did you mean {backend}?"));
  target = command("serve");
  target.url = "http://127.0.0.1:{p}";
  EXPECT_EQ(wrong(target), "mine: there is no placeholder {p}; there are {backend}, {port}");
  target = command("serve {threads}");
  target.sweep = {"threads=4"};
  EXPECT_EQ(wrong(target), "nothing");
  target.command = {"no-such-server"};
  EXPECT_EQ(wrong(target), "mine: there is no program 'no-such-server' in PATH; install it or give its path");
  target.command = {"./serve"};
  EXPECT_THAT(wrong(target), HasSubstr("no program './serve';"));
  target.command = {"sh"};
  EXPECT_EQ(wrong(target), "nothing");
}

constexpr const char* web_server = "exec /usr/bin/python3 -m http.server {port} --bind 127.0.0.1";

TEST_F(CommandTargets, ServeOnAPortOfTheirOwnUntilTheyAreLetGo) {
  auto target = start(command(web_server));
  ASSERT_TRUE(target) << target.error().message;
  const std::string url = (*target)->url();
  EXPECT_THAT(url, testing::MatchesRegex("http://127.0.0.1:[0-9]+/"));
  EXPECT_FALSE((*target)->ended());
  const auto processes = (*target)->watched().processes();
  EXPECT_FALSE(processes.empty());
  target->reset();
  EXPECT_THAT(process_tree(processes.front()), IsEmpty());
  EXPECT_FALSE(http_get(url.substr(7, url.size() - 8), "/", 10s));
}

TEST_F(CommandTargets, AreToldWhereTheBackendIsAndWhereTheyStandInASweep) {
  ExperimentTarget target = command("echo $BACKEND {workers} $(pwd)");
  target.environment = {"BACKEND={backend}"};
  target.sweep = {"workers=3"};
  target.directory = "/proc";
  EXPECT_THAT(failure_of(target), HasSubstr(": 127.0.0.1:7 3 /proc"));
}

TEST_F(CommandTargets, ThatEndQuoteTheirLastWords) {
  EXPECT_EQ(failure_of(command("echo cannot read my config >&2; exit 3")),
            "mine ended with exit code 3: cannot read my config");
  EXPECT_THAT(failure_of(command("exit 0")), HasSubstr("(a command must stay in the foreground)"));
  ExperimentTarget missing = command("");
  missing.command = {"/nonexistent/server"};
  EXPECT_THAT(failure_of(missing), AllOf(HasSubstr("mine"), HasSubstr("cannot start /nonexistent/server")));
}

TEST_F(CommandTargets, ThatNeverAnswerAreGivenUpAndEnded) {
  ExperimentTarget target = command("exec sleep 1000");
  target.ready.within = 100ms;
  EXPECT_THAT(failure_of(target),
              AllOf(HasSubstr("mine was not ready within 100ms: GET 127.0.0.1:"), HasSubstr("Connection refused")));
  EXPECT_THAT(log_writers(log_.path()), IsEmpty());
}

TEST_F(CommandTargets, WhosePortIsTakenAreNotStarted) {
  auto first = start(command(web_server));
  ASSERT_TRUE(first) << first.error().message;
  ExperimentTarget second = command("echo started");
  second.url = (*first)->url();
  EXPECT_THAT(failure_of(second), AllOf(HasSubstr("mine"), HasSubstr("is taken"), HasSubstr("write {port}")));
}

TEST_F(CommandTargets, AreNotWaitedForOnceAStopIsRequested) {
  std::stop_source stop;
  stop.request_stop();
  const auto started = start(command("exec sleep 1000"), stop.get_token());
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("interrupted"));
}

TEST_F(CommandTargets, DoNotComeToRestWithRequestsLeftBehind) {
  auto target = start(command(web_server));
  ASSERT_TRUE(target) << target.error().message;
  LoadResult run;
  EXPECT_TRUE((*target)->comes_to_rest(run, {}));
  run.record.requests.timed_out = 1;
  EXPECT_FALSE((*target)->comes_to_rest(run, {}));
}

ExperimentTarget running_at(const std::string& url) {
  ExperimentTarget running;
  running.name = "running";
  running.kind = TargetKind::url;
  running.url = url;
  running.ready.within = 30s;
  return running;
}

TEST_F(CommandTargets, RunningOnesGetTimeForWhatTheRunBeforeLeft) {
  auto server = start(command(web_server));
  ASSERT_TRUE(server) << server.error().message;
  ExperimentTarget running = running_at((*server)->url());
  TargetEnvironment environment;
  environment.left_behind = 3;
  environment.timeout = 100ms;
  const auto begin = std::chrono::steady_clock::now();
  const auto settled = start_target({}, running, environment, {});
  ASSERT_TRUE(settled) << settled.error().message;
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 100ms);
  running.ready = {.path = "/nonexistent", .within = 100ms};
  const auto stuck = start_target({}, running, environment, {});
  ASSERT_FALSE(stuck);
  EXPECT_THAT(stuck.error().message, AllOf(HasSubstr("the run before left 3 requests in a server that can't be asked"),
                                           HasSubstr("running was not ready within 100ms")));
}

TEST_F(CommandTargets, RunningOnesAreFoundAndLeftRunning) {
  auto server = start(command(web_server));
  ASSERT_TRUE(server) << server.error().message;
  ExperimentTarget running = running_at((*server)->url());
  running.pid = (*server)->watched().processes().front();
  {
    const auto found = start(running);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ((*found)->url(), (*server)->url());
    EXPECT_EQ((*found)->watched().processes().size(), 1U);
    EXPECT_FALSE((*found)->ended());
  }
  EXPECT_FALSE((*server)->ended());
  server->reset();
  EXPECT_THAT(failure_of(running), HasSubstr("running: there is no process"));
  running.pid.reset();
  running.ready.within = 100ms;
  EXPECT_THAT(failure_of(running), HasSubstr("running was not ready within 100ms"));
}

}  // namespace
}  // namespace waitlab::client
