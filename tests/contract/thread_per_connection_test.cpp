#include "tests/contract/strategy_fixture.hpp"
#include "tests/support/patience.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <vector>

namespace waitlab::server {
namespace {

using testing::HasSubstr;

class ThreadPerConnectionTest : public testing::Test {
 protected:
  void start_with(std::uint32_t max_threads) {
    under_test.config.strategies.thread_per_connection.max_threads = max_threads;
    under_test.start();
  }

  HttpConnection served_connection() {
    HttpConnection connection = under_test.connect();
    EXPECT_EQ(connection.get("/plain").status, 200U);
    return connection;
  }

  /// Until a connection is served again: a thread has to come to its end first.
  void await_room() const {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
      HttpConnection connection = under_test.connect();
      if (connection.get("/plain").status == 200U) return;
      ASSERT_LT(std::chrono::steady_clock::now(), end);
    }
  }

  ServerUnderTest under_test{"thread-per-connection"};
};

TEST_F(ThreadPerConnectionTest, RefusesAConnectionBeyondItsThreads) {
  start_with(2);
  const HttpConnection idle = served_connection();
  HttpConnection other = served_connection();
  HttpConnection beyond = under_test.connect();
  const HttpAnswer answer = beyond.get("/plain");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_THAT(answer.text, HasSubstr("\r\nRetry-After: "));
  EXPECT_TRUE(beyond.closed_by_server());
  EXPECT_EQ(other.get("/plain").status, 200U);
  EXPECT_THAT(under_test.status(), HasSubstr("\"max_threads\": 1"));
}

TEST_F(ThreadPerConnectionTest, HasRoomAgainOnceAConnectionHasEnded) {
  start_with(1);
  { const HttpConnection ends = served_connection(); }
  await_room();
}

TEST_F(ThreadPerConnectionTest, ShowsAThreadTiedToEachIdleConnection) {
  start_with(10);
  std::vector<HttpConnection> idle;
  for (int connection = 0; connection < 3; ++connection)
    idle.push_back(served_connection());
  HttpConnection watcher = under_test.connect_to_admin();
  watcher.send(get_request("/events"));
  watcher.read_until("\r\n\r\n");
  std::string threads;
  while (threads != "ttt") {
    const std::string event = watcher.read_until("\n\n");
    threads = nlohmann::json::parse(event.substr(std::string("data: ").size()))["threads"];
  }
}

TEST_F(ThreadPerConnectionTest, TakesOverAllConnectionsWhateverItsLimit) {
  under_test.config.strategy = "event-loop";
  start_with(1);
  std::vector<HttpConnection> idle;
  for (int connection = 0; connection < 3; ++connection)
    idle.push_back(served_connection());
  under_test.switch_to("thread-per-connection");
  for (HttpConnection& connection : idle)
    EXPECT_EQ(connection.get("/plain").status, 200U);
  HttpConnection beyond = under_test.connect();
  EXPECT_EQ(beyond.get("/plain").status, 503U);
}

TEST_F(ThreadPerConnectionTest, ServesWithTheSmallestStackItTakes) {
  under_test.config.strategies.thread_per_connection.stack = ThreadPerConnection::least_stack;
  start_with(10);
  under_test.backend.open();
  HttpConnection connection = under_test.connect();
  for (const std::string target : {"/plain", "/wait", "/fanout?calls=64", "/cpu?work=1ms", "/mix?work=1ms", "/nowhere"})
    EXPECT_NE(connection.get(target).status, 0U) << target;
}

}  // namespace
}  // namespace waitlab::server
