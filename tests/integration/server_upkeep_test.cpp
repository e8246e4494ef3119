#include "common/net/file_descriptor.hpp"
#include "common/net/socket_address.hpp"
#include "tests/integration/running_server.hpp"
#include "tests/support/gated_backend.hpp"
#include "tests/support/patience.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<pid_t> children_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;)
    children.push_back(child);
  return children;
}

/// A port of 127.0.0.1 that nobody can listen on for as long as this exists; it refuses connections.
class PortTaken {
 public:
  explicit PortTaken(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const SocketAddress address = resolve_address("127.0.0.1", port).value();
    const auto end = std::chrono::steady_clock::now() + patience;
    while (::bind(socket_.get(), address.data(), address.length) != 0) {
      if (std::chrono::steady_clock::now() > end) throw std::runtime_error("the port cannot be had");
    }
  }

 private:
  FileDescriptor socket_;
};

/// The port of 127.0.0.1 that a process listens on, by what the kernel tells of it.
std::uint16_t listening_port_of(pid_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  std::string sockets;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/fd"))
    sockets += std::filesystem::read_symlink(entry).string() + "\n";
  std::ifstream table(folder + "/net/tcp");
  std::string line;
  while (std::getline(table, line)) {
    std::istringstream words(line);
    std::string number, local, remote, state, skipped, inode;
    words >> number >> local >> remote >> state >> skipped >> skipped >> skipped >> skipped >> skipped >> inode;
    const bool listens = state == "0A" && sockets.find("socket:[" + inode + "]") != std::string::npos;
    if (listens) return static_cast<std::uint16_t>(std::stoul(local.substr(local.find(':') + 1), nullptr, 16));
  }
  throw std::runtime_error("process " + std::to_string(pid) + " listens on no port");
}

/// Ends the managed backend, which can't be started again before what is returned has gone.
PortTaken kill_backend_of(RunningServer& server) {
  const pid_t backend = children_of(server.process().pid()).at(0);
  const std::uint16_t port = listening_port_of(backend);
  ::kill(backend, SIGKILL);
  return PortTaken(port);
}

/// Asks again and again, as long as patience lasts.
void await(const std::function<bool()>& condition, const std::string& what) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition())
    ASSERT_LT(std::chrono::steady_clock::now(), end) << what;
}

void await_ready(const RunningServer& server, unsigned status) {
  await([&] { return server.admin("/readyz").status == status; }, "/readyz never answers " + std::to_string(status));
}

void await_log(const RunningServer& server, const std::string& text) {
  await([&] { return server.log().find(text) != std::string::npos; }, "the log never says: " + text);
}

void await(const TemporaryFile& file, const std::string& text) {
  await([&] { return file.text().find(text) != std::string::npos; }, file.path() + " never has: " + text);
}

TEST(ManagedBackend, EndsWithItsServer) {
  for (const int signal : {SIGTERM, SIGKILL}) {
    RunningServer server({});
    EXPECT_EQ(server.connect().get("/wait?delay=1ms").status, 200U);
    const std::vector<pid_t> children = children_of(server.process().pid());
    ASSERT_EQ(children.size(), 1U);
    server.process().signal(signal);
    ASSERT_TRUE(server.process().wait(30s));
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (std::ifstream("/proc/" + std::to_string(children.front()) + "/stat")) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    }
  }
}

TEST(ManagedBackend, LeavesItsServerUnreadyWhileItIsGone) {
  RunningServer server({});
  std::optional<PortTaken> taken(kill_backend_of(server));
  await_ready(server, 503);
  const Ended health =
      run_server_to_its_end({"--healthcheck", "--set", "admin.port=" + std::to_string(server.admin_port())});
  EXPECT_EQ(health.exit_code, 1);
  EXPECT_THAT(health.errors, HasSubstr("/readyz answers 503: the backend that the server started has ended"));
  EXPECT_THAT(server.admin("/metrics").body, HasSubstr("\nwaitlab_backend_up 0\n"));
  EXPECT_EQ(server.connect().get("/wait").status, 502U);
  EXPECT_THAT(server.log(), HasSubstr("the managed backend ended (signal 9)"));
  await_log(server, "the managed backend did not start again (exit code 1; it says why)");
  EXPECT_THAT(server.log(), HasSubstr("Address already in use"));
  taken.reset();
  await_ready(server, 200);
  EXPECT_EQ(server.connect().get("/wait?delay=1ms").status, 200U);
}

TEST(ManagedBackend, IsStartedAgainWhereTheRunningStrategyLooksForIt) {
  for (const std::string& strategy : strategies()) {
    RunningServer server({"--set", "strategy=" + strategy});
    HttpConnection connection = server.connect();
    EXPECT_EQ(connection.get("/wait?delay=1ms").status, 200U) << strategy;
    ::kill(children_of(server.process().pid()).at(0), SIGKILL);
    await_ready(server, 503);
    await_ready(server, 200);
    EXPECT_EQ(connection.get("/wait?delay=1ms").status, 200U) << strategy;
    EXPECT_THAT(server.log(),
                AllOf(HasSubstr("next start in 1 s"), HasSubstr("the managed backend runs again, on 127.0.0.1:")));
  }
}

TEST(ManagedBackend, KeepsTheHoldLogOfTheOneBefore) {
  const TemporaryFile log(".csv");
  const std::string kept = log.path() + ".1";
  RunningServer server({"--set", "backend.profile.hold_log=" + log.path()});
  EXPECT_EQ(server.connect().get("/wait?delay=1ms", "X-Request-Id: first\r\n").status, 200U);
  await(log, "first,");
  ::kill(children_of(server.process().pid()).at(0), SIGKILL);
  await_ready(server, 503);
  await_ready(server, 200);
  EXPECT_EQ(server.connect().get("/wait?delay=1ms", "X-Request-Id: second\r\n").status, 200U);
  await(log, "second,");
  std::ifstream lines(kept);
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(lines), {}), HasSubstr("\nfirst,"));
  EXPECT_THAT(log.text(), Not(HasSubstr("\nfirst,")));
  std::filesystem::remove(kept);
}

TEST(Server, EndsAtOnceAtASecondSignalToStop) {
  for (const std::string& strategy : strategies()) {
    GatedBackend backend;
    std::vector<std::string> settings = in_front_of(backend, strategy);
    settings.insert(settings.end(), {"--set", "timeouts.drain=1h"});
    RunningServer server(settings);
    HttpConnection waiting = server.connect();
    waiting.send(get_request("/wait"));
    backend.wait_for_arrivals(1);
    server.process().signal(SIGTERM);
    await_log(server, "draining");
    server.process().signal(SIGTERM);
    EXPECT_EQ(server.process().wait(patience), 1) << strategy;
    EXPECT_THAT(server.log(), HasSubstr("1 requests were still in flight at a second signal and are cut"));
  }
}

TEST(Server, LosesNoRowWhenItsLogsAreMovedAwayAndSighupComes) {
  const TemporaryFile config(".jsonc");
  config.write("{}");
  const TemporaryFile requests(".csv"), holds(".csv");
  const TemporaryFile old_requests(".csv.1"), old_holds(".csv.1");
  RunningServer server({"--config", config.path(), "--set", "telemetry.request_log=" + requests.path(), "--set",
                        "backend.profile.hold_log=" + holds.path()});
  HttpConnection connection = server.connect();
  EXPECT_EQ(connection.get("/wait?delay=0ms", "X-Request-Id: before\r\n").status, 200U);
  for (const TemporaryFile* log : {&requests, &holds})
    await(*log, "before,");
  std::filesystem::rename(requests.path(), old_requests.path());
  std::filesystem::rename(holds.path(), old_holds.path());
  server.process().signal(SIGHUP);
  await(requests, "request_id,");
  await(holds, "request_id,");
  EXPECT_EQ(connection.get("/wait?delay=0ms", "X-Request-Id: after\r\n").status, 200U);
  EXPECT_EQ(server.process().stop(20s), 0);
  for (const TemporaryFile* log : {&old_requests, &old_holds})
    EXPECT_THAT(log->text(), AllOf(HasSubstr("\nbefore,"), Not(HasSubstr("\nafter,"))));
  for (const TemporaryFile* log : {&requests, &holds})
    EXPECT_THAT(log->text(), AllOf(HasSubstr("\nafter,"), Not(HasSubstr("\nbefore,"))));
}

}  // namespace
}  // namespace waitlab
