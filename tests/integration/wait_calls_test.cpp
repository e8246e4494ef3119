#include "tests/integration/running_server.hpp"
#include "tests/support/gated_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace waitlab {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t waiting_requests = 3;

/// The system calls of each thread, in order, from the moment its first request was at the backend.
using Calls = std::map<std::string, std::vector<std::string>>;

/// Three requests, with what each asks of the backend.
struct Requests {
  std::string target = "/wait?delay=20ms";
  std::size_t backend_calls = 1;
};

/// Who waits where is not what the code says but what the kernel sees: runs a server under strace with three requests
/// waiting at the backend, and reads what its threads did.
Calls calls_of_waiting_threads(const std::vector<std::string>& arguments, GatedBackend* backend,
                               const Requests& requests = {}) {
  const TemporaryFile trace(".strace");
  {
    RunningServer server(arguments,
                         {"env", "ASAN_OPTIONS=detect_leaks=0", "strace", "-f", "-s", "64", "-o", trace.path(), "-e",
                          "trace=epoll_wait,epoll_pwait,epoll_pwait2,poll,ppoll,select,pselect6,recvfrom,recvmsg,read,"
                          "sendto,sendmsg,futex,nanosleep,clock_nanosleep,connect,accept4"});
    std::vector<HttpConnection> connections;
    for (std::size_t index = 0; index < waiting_requests; ++index) {
      connections.push_back(server.connect());
      connections.back().send(get_request(requests.target));
    }
    if (backend != nullptr) {
      backend->wait_for_arrivals(waiting_requests * requests.backend_calls);
      backend->open();
    }
    for (HttpConnection& connection : connections)
      EXPECT_EQ(connection.receive().status, 200U);
    ::kill(server.status().at("pid").get<pid_t>(), SIGTERM);
    EXPECT_EQ(server.process().wait(60s), 0);
  }
  Calls calls;
  std::istringstream lines(trace.text());
  for (std::string line; std::getline(lines, line);) {
    const std::size_t space = line.find(' ');
    const std::string call = line.substr(line.find_first_not_of(' ', space));
    calls[line.substr(0, space)].push_back(call);
  }
  return calls;
}

bool called(const std::vector<std::string>& calls, const std::string& name) {
  return std::ranges::any_of(calls, [&](const std::string& call) { return call.starts_with(name + "("); });
}

/// The threads that sent a request to the backend.
std::vector<std::string> callers(const Calls& calls) {
  std::vector<std::string> threads;
  for (const auto& [thread, made] : calls) {
    const bool sent = std::ranges::any_of(made, [](const std::string& call) {
      return call.starts_with("sendto(") && call.find("GET /hold") != std::string::npos;
    });
    if (sent) threads.push_back(thread);
  }
  return threads;
}

std::string test_name(const testing::TestParamInfo<std::string>& strategy) {
  std::string name = strategy.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

class WaitsWithThreads : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(WaitCalls, WaitsWithThreads,
                         testing::Values("thread-per-request", "fixed-pool", "thread-per-connection",
                                         "process-per-request"),
                         test_name);

TEST_P(WaitsWithThreads, AWaitingRequestIsAThreadInsidePollAndNotInEpoll) {
  GatedBackend backend;
  const Calls calls = calls_of_waiting_threads(in_front_of(backend, GetParam()), &backend);
  const std::vector<std::string> threads = callers(calls);
  EXPECT_EQ(threads.size(), waiting_requests);
  for (const std::string& thread : threads) {
    EXPECT_TRUE(called(calls.at(thread), "poll")) << testing::PrintToString(calls.at(thread));
    EXPECT_FALSE(called(calls.at(thread), "epoll_wait")) << testing::PrintToString(calls.at(thread));
  }
}

TEST_P(WaitsWithThreads, AWaitWithoutANetworkIsAThreadAsleep) {
  const Calls calls =
      calls_of_waiting_threads({"--set", "strategy=" + GetParam(), "--set", "backend.mode=timer"}, nullptr);
  const auto sleepers = std::ranges::count_if(calls, [](const auto& thread) {
    return called(thread.second, "ppoll") && called(thread.second, "sendto") && !called(thread.second, "epoll_wait");
  });
  EXPECT_EQ(sleepers, waiting_requests);
}

TEST_P(WaitsWithThreads, ParallelCallsAreOneThreadInOnePpollForAllOfThem) {
  GatedBackend backend;
  const Calls calls = calls_of_waiting_threads(in_front_of(backend, GetParam()), &backend, {"/fanout?calls=4", 4});
  const std::vector<std::string> threads = callers(calls);
  EXPECT_EQ(threads.size(), waiting_requests);
  for (const std::string& thread : threads) {
    // The last call of all may have been answered before its thread came to wait for it.
    EXPECT_THAT(calls.at(thread), testing::Contains(testing::ContainsRegex("^ppoll\\(.*\\], [45], ")));
    EXPECT_FALSE(called(calls.at(thread), "epoll_wait")) << testing::PrintToString(calls.at(thread));
  }
}

/// The threads that waited for the backend blocked nowhere but in epoll_wait.
void expect_loops(const Calls& calls) {
  for (const std::string& thread : callers(calls)) {
    const std::vector<std::string>& loop = calls.at(thread);
    EXPECT_TRUE(called(loop, "epoll_wait"));
    for (const std::string blocking : {"poll", "ppoll", "select", "pselect6", "nanosleep", "clock_nanosleep"})
      EXPECT_FALSE(called(loop, blocking)) << blocking;
  }
}

class WaitsOnALoop : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(WaitCalls, WaitsOnALoop, testing::Values("event-loop", "event-loop-with-pool", "fiber"),
                         test_name);

TEST_P(WaitsOnALoop, OneThreadBlocksInEpollWaitAndNowhereElse) {
  GatedBackend backend;
  std::vector<std::string> arguments = in_front_of(backend, GetParam());
  arguments.insert(arguments.end(), {"--set", "strategies.fiber.loops=1"});
  const Calls calls = calls_of_waiting_threads(arguments, &backend);
  EXPECT_EQ(callers(calls).size(), 1U);
  expect_loops(calls);
}

TEST(WaitCalls, EachOfSeveralLoopsBlocksInAnEpollWaitOfItsOwn) {
  GatedBackend backend;
  std::vector<std::string> arguments = in_front_of(backend, "event-loop-per-core");
  arguments.insert(arguments.end(), {"--set", "strategies.event-loop-per-core.loops=2"});
  const Calls calls = calls_of_waiting_threads(arguments, &backend);
  EXPECT_GE(callers(calls).size(), 1U);
  EXPECT_LE(callers(calls).size(), 2U);
  expect_loops(calls);
}

}  // namespace
}  // namespace waitlab
