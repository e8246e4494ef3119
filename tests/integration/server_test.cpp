#include "tests/integration/running_server.hpp"
#include "tests/support/gated_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;

Ended ask_health_of(const RunningServer& server) {
  return run_server_to_its_end({"--healthcheck", "--set", "admin.address=0.0.0.0", "--set",
                                "admin.port=" + std::to_string(server.admin_port())});
}

TEST(Server, SaysWhereItListensAndWithWhichStrategy) {
  for (const std::string& strategy : strategies()) {
    RunningServer server({"--set", "strategy=" + strategy, "--set", "backend.mode=timer"});
    EXPECT_THAT(server.strategy_line(), MatchesRegex("listening on 127.0.0.1:[0-9]+ \\(" + strategy + "\\)"));
    EXPECT_EQ(server.status().at("strategy"), strategy);
    EXPECT_EQ(server.admin("/readyz").status, 200U);
    EXPECT_EQ(server.admin("/healthz").status, 200U);
    EXPECT_THAT(server.admin("/metrics").body, HasSubstr("strategy=\"" + strategy + "\""));
    EXPECT_EQ(server.process().stop(20s), 0);
  }
}

TEST(Server, ServesWhatTheKernelHadAcceptedForItWhenItIsToldToStop) {
  for (const std::string& strategy : strategies()) {
    RunningServer server({"--set", "strategy=" + strategy, "--set", "backend.mode=timer"});
    const pid_t pid = server.process().pid();
    ::kill(pid, SIGSTOP);  // as a server that gets no CPU for a moment
    std::vector<HttpConnection> connections;
    for (int connection = 0; connection < 8; ++connection) {
      connections.push_back(server.connect());
      connections.back().send(get_request("/plain"));
    }
    ::kill(pid, SIGTERM);
    ::kill(pid, SIGCONT);
    for (HttpConnection& connection : connections) {
      EXPECT_EQ(connection.receive().status, 200U) << strategy;
      EXPECT_TRUE(connection.closed_by_server()) << strategy;
    }
    EXPECT_EQ(server.process().wait(20s), 0) << strategy;
  }
}

TEST(HealthCheck, SucceedsWhileTheServerIsReady) {
  const RunningServer server({"--set", "backend.mode=timer"});
  EXPECT_EQ(ask_health_of(server).exit_code, 0);
}

TEST(HealthCheck, FailsWithoutAServerOrAPortToAsk) {
  const Ended nobody = run_server_to_its_end({"--healthcheck", "--set", "admin.port=1"});
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_THAT(nobody.errors, HasSubstr("not healthy: GET 127.0.0.1:1/readyz: Connection refused"));
  const Ended any_port = run_server_to_its_end({"--healthcheck", "--set", "admin.port=0"});
  EXPECT_EQ(any_port.exit_code, 1);
  EXPECT_THAT(any_port.errors, HasSubstr("set one"));
  EXPECT_EQ(run_server_to_its_end({"--healthcheck", "--set", "admin.port=x"}).exit_code, 1);
}

TEST(HealthCheck, AsksInSpiteOfAMistakeElsewhereInTheFile) {
  const RunningServer server({"--set", "backend.mode=timer"});
  const TemporaryFile config(".jsonc");
  config.write(
      "{\"strategy\": \"event-lop\", \"admin\": {\"prot\": 1, \"port\": " + std::to_string(server.admin_port()) + "}}");
  const Ended health = run_server_to_its_end({"--healthcheck", config.path()});
  EXPECT_EQ(health.exit_code, 0);
  EXPECT_THAT(health.errors, AllOf(HasSubstr("strategy: unknown value"), HasSubstr("admin.prot: unknown key")));
}

TEST(CommandLine, RefusesTwoConfigFiles) {
  const Ended both = run_server_to_its_end({"--config", "a.jsonc", "waitlab-client"});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_THAT(both.errors, AllOf(HasSubstr("two config files"), HasSubstr("a.jsonc"), HasSubstr("--entrypoint")));
}

TEST(CommandLine, ExplainsItselfIn80Columns) {
  const Ended help = run_server_to_its_end({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  std::istringstream lines(help.output);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 80U) << line;
}

TEST(CommandLine, PrintsTheFactsOfAStrategyWithoutRunningIt) {
  const Ended printed = run_server_to_its_end(
      {"--set", "strategy=fixed-pool", "--set", "strategies.fixed-pool.threads=3", "--print-facts"});
  EXPECT_EQ(printed.exit_code, 0) << printed.errors;
  const auto facts = nlohmann::json::parse(printed.output);
  EXPECT_EQ(facts["at_once"], 3);
  EXPECT_EQ(facts["size_key"], "strategies.fixed-pool.threads");
  const Ended sized = run_server_to_its_end({"--set", "strategy=fixed-pool", "--print-facts"});
  EXPECT_GE(nlohmann::json::parse(sized.output)["at_once"], 1) << "what auto comes to";
  EXPECT_EQ(run_server_to_its_end({"--set", "strategy=fixd-pool", "--print-facts"}).exit_code, 2);
}

TEST(HealthCheck, ExcludesWhatWouldNotAsk) {
  for (const char* other : {"--check-config", "--print-config", "--print-schema", "--print-facts"}) {
    const Ended both = run_server_to_its_end({"--healthcheck", other});
    EXPECT_EQ(both.exit_code, 2);
    EXPECT_THAT(both.errors, AllOf(HasSubstr("excludes"), HasSubstr(other)));
  }
}

TEST(Server, HoldsAThreadForAWaitingRequestButNoneForAnIdleConnection) {
  GatedBackend backend;
  RunningServer server(in_front_of(backend, "thread-per-request"));
  const auto threads_at_rest = server.status().at("threads").get<int>();
  std::vector<HttpConnection> idle;
  for (int index = 0; index < 8; ++index) {
    idle.push_back(server.connect());
    EXPECT_EQ(idle.back().get("/plain").status, 200U);
  }
  server.await_status("/threads", threads_at_rest);

  for (std::size_t index = 0; index < 5; ++index)
    idle[index].send(get_request("/wait"));
  backend.wait_for_arrivals(5);
  EXPECT_EQ(server.status().at("threads"), threads_at_rest + 5);
  EXPECT_EQ(server.status().at("/requests/waiting"_json_pointer), 5);
  backend.open();
  for (std::size_t index = 0; index < 5; ++index)
    EXPECT_EQ(idle[index].receive().status, 200U);
  server.await_status("/threads", threads_at_rest);
}

TEST(Server, NeedsNoThreadForAWaitingRequestInTheEventLoop) {
  GatedBackend backend;
  RunningServer server(in_front_of(backend, "event-loop"));
  const auto threads_at_rest = server.status().at("threads").get<int>();
  std::vector<HttpConnection> waiting;
  for (int index = 0; index < 50; ++index) {
    waiting.push_back(server.connect());
    waiting.back().send(get_request("/wait"));
  }
  backend.wait_for_arrivals(50);
  EXPECT_EQ(server.status().at("threads"), threads_at_rest);
  backend.open();
  for (HttpConnection& connection : waiting)
    EXPECT_EQ(connection.receive().status, 200U);
}

TEST(Server, TellsThatABusyEventLoopAnsweredLate) {
  RunningServer server({"--set", "strategy=event-loop", "--set", "backend.mode=timer"});
  EXPECT_EQ(server.connect().get("/cpu?work=300ms").status, 200U);
  const auto lags = [](const std::string& text, const std::string& bound) {
    const std::string series = "waitlab_loop_lag_seconds_bucket{strategy=\"event-loop\",le=\"" + bound + "\"} ";
    const std::size_t at = text.find(series);
    return at == std::string::npos ? 0 : std::stoi(text.substr(at + series.size()));
  };
  const auto end = std::chrono::steady_clock::now() + 30s;
  std::string text;
  while (lags(text, "+Inf") == lags(text, "0.1")) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << text;
    text = server.admin("/metrics").body;
  }
}

TEST(Server, SwitchesItsStrategyWhenTheFileIsEditedAndSighupComes) {
  GatedBackend backend;
  const TemporaryFile file(".jsonc");
  const auto write = [&](const std::string& strategy) {
    file.write("{\n  // the word to edit\n  \"strategy\": \"" + strategy + "\",\n" +
               "  \"backend\": {\"mode\": \"remote\", \"address\": \"" + backend.address() + "\"},\n" +
               "  \"strategies\": {\"fixed-pool\": {\"threads\": 4}}\n}\n");
  };
  write("event-loop");
  RunningServer server({"--config", file.path()});
  HttpConnection waiting = server.connect();
  waiting.send(get_request("/wait"));
  backend.wait_for_arrivals(1);

  write("fixed-pool");
  server.process().signal(SIGHUP);
  server.await_status("/strategy", "fixed-pool");
  backend.open();
  EXPECT_EQ(waiting.receive().status, 200U);
  EXPECT_EQ(waiting.get("/wait").status, 200U);

  write("fixed-pol");
  server.process().signal(SIGHUP);
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (server.log().find("did you mean") == std::string::npos && server.log().find("allowed") == std::string::npos) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << server.log();
  }
  EXPECT_EQ(waiting.get("/plain").status, 200U);
  EXPECT_EQ(server.status().at("strategy"), "fixed-pool");
}

TEST(Server, LetsGoOfTheOldStrategysThreadsAfterASwitch) {
  const TemporaryFile file(".jsonc");
  const auto write = [&](const std::string& strategy) {
    file.write(R"({"backend": {"mode": "timer"}, "strategies": {"fixed-pool": {"threads": 40}}, "strategy": ")" +
               strategy + "\"}");
  };
  write("event-loop");
  RunningServer server({"--config", file.path()});
  const auto threads = server.status().at("threads").get<int>();
  write("fixed-pool");
  server.process().signal(SIGHUP);
  server.await_status("/strategy", "fixed-pool");
  write("event-loop");
  server.process().signal(SIGHUP);
  server.await_status("/threads", threads);
}

TEST(Server, BadConfigIsOneLineThatNamesThePlaceAndExits2) {
  const TemporaryFile file(".jsonc");
  const std::vector<std::pair<std::string, std::string>> files = {
      {R"({"strategy": "event-lop"})", "event-loop"},
      {R"({"strategies": {"fixed-pool": {"thread": 4}}})", "threads"},
      {"{\"strategy\": \"event-loop\",\n \"strategy\": \"fixed-pool\"}", ":2:"},
      {R"({"backend": {"timeout": "5 parsecs"}})", "backend.timeout"},
      {R"({"backend": {"timeout": 5}})", "backend.timeout"},
      {R"({"listen": {"port": 99999}})", "65535"},
      {R"({"strategy": )", file.path()},
  };
  for (const auto& [text, expected] : files) {
    file.write(text);
    const Ended ended = run_server_to_its_end({"--config", file.path()});
    EXPECT_EQ(ended.exit_code, 2) << text;
    EXPECT_THAT(ended.errors, HasSubstr(expected)) << text;
    EXPECT_THAT(ended.errors, HasSubstr(file.path())) << text;
    EXPECT_EQ(std::ranges::count(ended.errors, '\n'), 1) << ended.errors;
  }
  EXPECT_EQ(run_server_to_its_end({"--config", "no-such-file.jsonc"}).exit_code, 2);
  EXPECT_EQ(run_server_to_its_end({"--config", "."}).exit_code, 2);
  EXPECT_EQ(run_server_to_its_end({"--set", "listen.prot=1"}).exit_code, 2);
  EXPECT_EQ(run_server_to_its_end({"--no-such-flag"}).exit_code, 2);
}

TEST(Server, ShipsItsSchemaAndASampleThatIsValid) {
  for (const std::string program : {"server", "backend"}) {
    const std::string binary = WAITLAB_BIN_DIR "/waitlab-" + program;
    const std::string folder = WAITLAB_SOURCE_DIR "/config/";
    auto printing = ChildProcess::start({.command = {binary, "--print-schema"}});
    ASSERT_TRUE(printing) << printing.error().message;
    std::string printed;
    while (const auto line = printing->read_line(30s))
      printed += *line + "\n";
    std::ifstream shipped(folder + program + ".schema.json");
    EXPECT_EQ(printed, std::string(std::istreambuf_iterator<char>(shipped), {})) << program;

    auto checking = ChildProcess::start({.command = {binary, "--check-config", folder + program + ".jsonc"}});
    ASSERT_TRUE(checking) << checking.error().message;
    EXPECT_EQ(checking->wait(30s), 0) << program;
  }
}

/// Starts a program as this line of shell has it, in which "$@" is the program.
std::vector<std::string> as_in_shell(const std::string& line) {
  return {"/bin/sh", "-c", line, "sh"};
}

TEST(Server, ServesWhereNothingItSaysCanBeWritten) {
  for (const std::string line : {R"(exec "$@" 2>&-)", R"(exec "$@" 2>/dev/full)", R"(exec "$@" <&- 2>&-)"}) {
    RunningServer server({}, as_in_shell(line));
    EXPECT_EQ(server.connect().get("/wait?delay=1ms").status, 200U) << line;
    EXPECT_EQ(server.process().stop(20s), 0) << line;
  }
}

TEST(Server, CountsTheRowsThatItsLogHasNoRoomFor) {
  const TemporaryFile log(".csv");
  RunningServer server({"--set", "backend.mode=timer", "--set", "telemetry.request_log=" + log.path()},
                       as_in_shell(R"(ulimit -f 1; exec "$@")"));
  HttpConnection connection = server.connect();
  for (int request = 0; request < 100; ++request)
    EXPECT_EQ(connection.get("/plain").status, 200U);
  while (server.status()["request_log"]["lost_total"] == 0)
    EXPECT_EQ(connection.get("/plain").status, 200U);
  EXPECT_EQ(server.process().stop(20s), 0);
  EXPECT_EQ(log.text().back(), '\n');
}

TEST(Server, SaysThatWhatWasAskedForCannotBePrinted) {
  for (const std::string flag : {"--print-schema", "--print-config", "--version"}) {
    const Ended ended = run_server_to_its_end({flag}, as_in_shell(R"(exec "$@" >/dev/full)"));
    EXPECT_EQ(ended.exit_code, 1) << flag;
    EXPECT_THAT(ended.errors, HasSubstr("standard output cannot be written")) << flag;
  }
}

TEST(Server, ABusyPortIsOneLineAndExits1) {
  RunningServer first({"--set", "backend.mode=timer"});
  const std::string line = first.strategy_line();
  const std::string port = line.substr(line.find(':') + 1, line.find(' ', line.find(':')) - line.find(':') - 1);
  const Ended second = run_server_to_its_end({"--set", "listen.port=" + port, "--set", "admin.port=0"});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.errors, HasSubstr("listen.port"));
  EXPECT_EQ(std::ranges::count(second.errors, '\n'), 1) << second.errors;
}

TEST(Server, TheSameRequestIsHeldEquallyLongUnderEveryStrategyAndInAnyOrder) {
  std::vector<std::map<std::string, std::string>> drawn_by_strategy;
  for (const std::string& strategy : strategies()) {
    const TemporaryFile log(".csv");
    std::map<std::string, std::string> drawn;
    {
      RunningServer server({"--set", "strategy=" + strategy, "--set", "backend.profile.delay.mean=2ms", "--set",
                            "backend.profile.seed=7", "--set", "backend.profile.hold_log=" + log.path()});
      std::vector<int> ids = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
      const std::size_t first = 3 * drawn_by_strategy.size() % ids.size();
      std::rotate(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(first), ids.end());
      std::vector<HttpConnection> connections;
      for (const int id : ids) {
        connections.push_back(server.connect());
        connections.back().send(get_request("/wait", "X-Request-Id: id-" + std::to_string(id) + "\r\n"));
      }
      for (HttpConnection& connection : connections)
        EXPECT_EQ(connection.receive().status, 200U);
      EXPECT_EQ(server.process().stop(20s), 0);
    }
    std::istringstream lines(log.text());
    std::string id, route, arrival, delay, rest;
    std::getline(lines, rest);
    while (std::getline(lines, id, ',') && std::getline(lines, route, ',') && std::getline(lines, arrival, ',') &&
           std::getline(lines, delay, ',') && std::getline(lines, rest)) {
      drawn[id] = delay;
    }
    EXPECT_EQ(drawn.size(), 10U) << strategy;
    drawn_by_strategy.push_back(drawn);
  }
  for (const auto& drawn : drawn_by_strategy)
    EXPECT_EQ(drawn, drawn_by_strategy[0]);
}

}  // namespace
}  // namespace waitlab
