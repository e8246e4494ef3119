#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <numeric>
#include <string>
#include <vector>

namespace waitlab::server {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class EventLoopPerCoreTest : public testing::Test {
 protected:
  EventLoopPerCoreTest() { settings.loops = 3; }

  /// Connections with a request each, which have been answered.
  std::vector<HttpConnection> served_connections(std::size_t count) {
    std::vector<HttpConnection> connections;
    for (std::size_t index = 0; index < count; ++index) {
      connections.push_back(under_test.connect());
      EXPECT_EQ(connections.back().get("/plain").status, 200U);
    }
    return connections;
  }

  json loops() const { return json::parse(under_test.status())["loops"]; }

  int sum(const std::string& figure) const {
    const json all = loops();
    return std::accumulate(all.begin(), all.end(), 0,
                           [&](int total, const json& loop) { return total + loop[figure].get<int>(); });
  }

  std::string failure_of_reload() {
    const auto reloaded = under_test.server().reload(under_test.config);
    return reloaded ? "" : reloaded.error().message;
  }

  ServerUnderTest under_test{"event-loop-per-core"};
  EventLoopPerCore::Settings& settings = under_test.config.strategies.event_loop_per_core;
};

TEST_F(EventLoopPerCoreTest, TellsTheConnectionsAndRequestsOfEachLoop) {
  under_test.start();
  const auto connections = served_connections(20);
  HttpConnection waiting = under_test.connect_and_wait();
  under_test.await_status("\"requests_total\"");
  EXPECT_EQ(loops().size(), 3U);
  EXPECT_EQ(sum("connections"), 21);
  EXPECT_EQ(sum("requests_total"), 21);
  EXPECT_EQ(sum("in_flight"), 1);
  EXPECT_EQ(sum("waiting"), 1);
  under_test.backend.open();
  EXPECT_EQ(waiting.receive().status, 200U);
}

TEST_F(EventLoopPerCoreTest, SharesOutTheConnectionsItTakesOver) {
  under_test.config.strategy = "event-loop";
  under_test.start();
  auto connections = served_connections(6);
  under_test.switch_to("event-loop-per-core");
  for (HttpConnection& connection : connections)
    EXPECT_EQ(connection.get("/plain").status, 200U);
  under_test.await_status("\"requests_total\"");
  for (const json& loop : loops())
    EXPECT_EQ(loop["connections"], 2);
}

TEST_F(EventLoopPerCoreTest, WithReusePortServesTheQueueOfEachLoop) {
  settings.accept = EventLoopPerCore::reuse_port;
  under_test.start();
  const auto connections = served_connections(60);
  under_test.await_status("\"requests_total\"");
  for (const json& loop : loops())
    EXPECT_GT(loop["connections"], 0);
}

TEST_F(EventLoopPerCoreTest, WithReusePortMayBeOneLoop) {
  settings.loops = 1;
  settings.accept = EventLoopPerCore::reuse_port;
  under_test.start();
  EXPECT_EQ(served_connections(2).size(), 2U);
}

TEST_F(EventLoopPerCoreTest, WithReusePortASwitchLosesNoConnectionThatTheKernelHolds) {
  settings.accept = EventLoopPerCore::reuse_port;
  under_test.start();
  for (const std::string next : {"fixed-pool", "event-loop-per-core", "event-loop", "event-loop-per-core"}) {
    std::vector<HttpConnection> connections;
    for (int connection = 0; connection < 30; ++connection)
      connections.push_back(under_test.connect());
    under_test.switch_to(next);
    for (HttpConnection& connection : connections)
      EXPECT_EQ(connection.get("/plain").status, 200U) << next;
  }
}

TEST_F(EventLoopPerCoreTest, NeedsARestartForAQueueMoreAndGoesOnAsItIs) {
  under_test.config.strategy = "event-loop";
  under_test.start();
  settings.accept = EventLoopPerCore::reuse_port;
  under_test.config.strategy = "event-loop-per-core";
  EXPECT_THAT(failure_of_reload(), HasSubstr("strategies.event-loop-per-core.accept needs a restart"));
  EXPECT_THAT(under_test.status(), HasSubstr("\"strategy\": \"event-loop\""));
  EXPECT_EQ(under_test.connect().get("/plain").status, 200U);
}

TEST_F(EventLoopPerCoreTest, IsNotPinnedToMoreCpusThanThereAre) {
  settings = {.loops = EventLoopPerCore::most_loops, .pin = true};
  under_test.config.strategy = "event-loop";
  under_test.start();
  under_test.config.strategy = "event-loop-per-core";
  EXPECT_THAT(failure_of_reload(), HasSubstr("strategies.event-loop-per-core.pin needs a CPU for each loop"));
  EXPECT_EQ(under_test.connect().get("/plain").status, 200U);
}

TEST_F(EventLoopPerCoreTest, ServesPinnedToACpu) {
  settings = {.loops = 1, .pin = true};
  under_test.start();
  EXPECT_EQ(under_test.connect().get("/plain").status, 200U);
}

}  // namespace
}  // namespace waitlab::server
