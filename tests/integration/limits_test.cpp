#include "tests/integration/running_server.hpp"
#include "tests/support/gated_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace waitlab {
namespace {

using namespace std::chrono_literals;

TEST(ServerAtItsLimits, AnswersAndCountsWhenNoThreadCanBeCreated) {
  GatedBackend backend;
  // An address space with room for a few thread stacks only, and a server that does not stay below that by itself.
  std::vector<std::string> settings = in_front_of(backend, "thread-per-request");
  settings.insert(settings.end(), {"--set", "strategies.thread-per-request.max_threads=4096"});
  RunningServer server(settings, {"sh", "-c", "ulimit -v 300000; exec \"$@\"", "sh"});
  std::vector<HttpConnection> connections;
  for (int index = 0; index < 60; ++index) {
    connections.push_back(server.connect());
    connections.back().send(get_request("/wait"));
  }
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (server.status().at("/rejected/thread_creation"_json_pointer).get<int>() + backend.arrivals().size() < 60) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }
  backend.open();
  int served = 0;
  int rejected = 0;
  for (HttpConnection& connection : connections) {
    const unsigned status = connection.receive().status;
    served += status == 200 ? 1 : 0;
    rejected += status == 503 ? 1 : 0;
  }
  EXPECT_GT(served, 0);
  EXPECT_GT(rejected, 0);
  EXPECT_EQ(served + rejected, 60);
  EXPECT_EQ(server.status().at("/rejected/thread_creation"_json_pointer), rejected);
  EXPECT_EQ(server.connect().get("/plain").status, 200U);
}

TEST(ServerAtItsLimits, AnswersAndCountsWhenItRunsOutOfDescriptors) {
  for (const std::string& strategy : strategies()) {
    RunningServer server(
        {"--set", "strategy=" + strategy, "--set", "backend.mode=timer", "--set", "limits.max_connections=100"},
        {"sh", "-c", "ulimit -n 40; exec \"$@\"", "sh"});
    std::vector<HttpConnection> connections;
    for (int index = 0; index < 50; ++index) {
      connections.push_back(server.connect());
      connections.back().send(get_request("/plain"));
    }
    int refused = 0;
    for (HttpConnection& connection : connections)
      refused += connection.receive().status == 503 ? 1 : 0;
    EXPECT_GT(refused, 0) << strategy;
    EXPECT_LT(refused, 50) << strategy;
    connections.clear();
    server.await_status("/connections/open", 0);
    EXPECT_EQ(server.status().at("/connections/refused/descriptors"_json_pointer), refused) << strategy;
    EXPECT_EQ(server.connect().get("/plain").status, 200U) << strategy;
    EXPECT_THAT(server.log(), testing::HasSubstr("limits.max_connections is 100, but about 8 is all there can be"));
  }
}

}  // namespace
}  // namespace waitlab
