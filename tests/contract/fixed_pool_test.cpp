#include "tests/contract/strategy_fixture.hpp"
#include "tests/support/patience.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <map>
#include <vector>

namespace waitlab::server {
namespace {

using testing::HasSubstr;

TEST(FixedPool, AnswersRetryAfterWhenTheQueueIsFull) {
  ServerUnderTest under_test("fixed-pool");
  under_test.config.strategies.fixed_pool = {1, 1};
  under_test.start();
  HttpConnection served = under_test.connect_and_wait();
  HttpConnection queued = under_test.connect();
  HttpConnection rejected = under_test.connect();
  HttpConnection* const late[] = {&queued, &rejected};
  for (HttpConnection* connection : late)
    connection->send(get_request("/wait"));

  // One of the two found room; the other is answered at once, and keeps its connection.
  const HttpAnswer answer = rejected.receive();
  EXPECT_EQ(answer.status, 503U);
  EXPECT_THAT(answer.text, HasSubstr("\r\nRetry-After: "));
  EXPECT_THAT(under_test.status(), HasSubstr("\"queue_full\": 1"));
  EXPECT_THAT(under_test.status(), HasSubstr("\"queued_peak\": 1"));
  under_test.backend.open();
  EXPECT_EQ(served.receive().status, 200U);
  EXPECT_EQ(queued.receive().status, 200U);
  EXPECT_EQ(rejected.get("/wait").status, 200U);
}

TEST(FixedPool, WithoutRoomToQueueServesAsManyAsItHasThreads) {
  ServerUnderTest under_test("fixed-pool");
  under_test.config.strategies.fixed_pool = {2, 0};
  under_test.start();
  HttpConnection first = under_test.connect_and_wait();
  HttpConnection second = under_test.connect_and_wait();

  EXPECT_EQ(under_test.connect().get("/wait").status, 503U);
  under_test.backend.open();
  EXPECT_EQ(first.receive().status, 200U);
  EXPECT_EQ(second.receive().status, 200U);
}

TEST(FixedPool, ServesPipelinedRequestsInTurnWithOneThreadAndNoQueue) {
  ServerUnderTest under_test("fixed-pool");
  under_test.config.strategies.fixed_pool = {1, 0};
  under_test.start();
  under_test.expect_pipelined_in_turn();
}

TEST(FixedPool, CountsARejectedRequestWhoseBodyHasNotCome) {
  ServerUnderTest under_test("fixed-pool");
  under_test.config.strategies.fixed_pool = {1, 0};
  under_test.start();
  HttpConnection served = under_test.connect_and_wait();
  HttpConnection rejected = under_test.connect();
  rejected.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  const HttpAnswer answer = rejected.receive();
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(answer.text.find("100 Continue"), std::string::npos);
  EXPECT_THAT(under_test.status(), HasSubstr("\"queue_full\": 1"));
  EXPECT_THAT(under_test.status(), HasSubstr("\"incomplete_request\": 0"));
  under_test.backend.open();
  EXPECT_EQ(served.receive().status, 200U);
}

TEST(FixedPool, SkipsAQueuedRequestWhoseClientHasReset) {
  ServerUnderTest under_test("fixed-pool");
  under_test.config.strategies.fixed_pool = {1, 10};
  under_test.start();
  HttpConnection served = under_test.connect_and_wait();
  HttpConnection gone = under_test.connect();
  gone.send(get_request("/wait"));
  under_test.await_status("\"queued\": 1");
  HttpConnection queued = under_test.connect();
  queued.send(get_request("/wait"));
  under_test.await_status("\"queued\": 2");
  gone.reset();

  under_test.backend.open();
  EXPECT_EQ(served.receive().status, 200U);
  EXPECT_EQ(queued.receive().status, 200U);
  EXPECT_EQ(under_test.backend.arrivals().size(), 2U);
  EXPECT_THAT(under_test.status(), HasSubstr("\"client_reset\": 1"));
}

/// Starts a server whose only thread is busy for longer than a request may take.
HttpConnection start_busy(ServerUnderTest& under_test, std::chrono::milliseconds request_timeout) {
  under_test.config.strategies.fixed_pool = {1, 10};
  under_test.config.timeouts.request = request_timeout;
  under_test.start();
  HttpConnection busy = under_test.connect();
  busy.send(get_request("/cpu?work=2s"));
  under_test.await_status("\"running\": 1");
  return busy;
}

TEST(FixedPool, AnswersARequestThatQueuesForTooLongWhenItsTimeIsOver) {
  ServerUnderTest under_test("fixed-pool");
  HttpConnection busy = start_busy(under_test, std::chrono::milliseconds(20));
  HttpConnection queued = under_test.connect();
  const HttpAnswer answer = queued.get("/plain");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_THAT(answer.text, HasSubstr("\r\nRetry-After: "));
  EXPECT_THAT(answer.body, HasSubstr("timeouts.request"));
  EXPECT_THAT(under_test.status(), HasSubstr("\"queue_timeout\": 1"));
  EXPECT_EQ(busy.receive().status, 200U);
  EXPECT_EQ(queued.get("/plain").status, 200U);
}

TEST(FixedPool, AnswersARequestThatQueuesForTooLongAfterASwapAsWell) {
  ServerUnderTest under_test("fixed-pool");
  HttpConnection busy = start_busy(under_test, std::chrono::milliseconds(100));
  HttpConnection queued = under_test.connect();
  queued.send(get_request("/plain"));
  under_test.await_status("\"queued\": 1");
  under_test.switch_to("event-loop");
  const auto end = std::chrono::steady_clock::now() + patience;
  while (under_test.status().find("\"queue_timeout\": 1") == std::string::npos) {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    under_test.server().housekeep();
  }
  EXPECT_THAT(under_test.status(), HasSubstr("\"running\": 1"));
  EXPECT_EQ(queued.receive().status, 503U);
  EXPECT_EQ(queued.get("/plain").status, 200U);
  EXPECT_EQ(busy.receive().status, 200U);
}

TEST(FixedPool, CountsTheTimeInItsQueueTowardsTheRequestsDeadline) {
  ServerUnderTest under_test("fixed-pool");
  under_test.config.strategies.fixed_pool = {1, 10};
  under_test.config.timeouts.request = std::chrono::seconds(1);
  under_test.start();
  std::vector<HttpConnection> connections;
  for (int connection = 0; connection < 6; ++connection) {
    connections.push_back(under_test.connect());
    connections.back().send(get_request("/wait"));
    if (connection == 0) under_test.backend.wait_for_arrivals(1);
  }
  // Nothing is let go: the first is over when its time is, and so are all the others, which had none left by then.
  EXPECT_EQ(connections.front().receive().status, 504U);
  for (std::size_t connection = 1; connection < connections.size(); ++connection)
    EXPECT_EQ(connections[connection].receive().status, 503U);
}

TEST(FixedPool, IsNotHeldByAnEmptyLine) {
  ServerUnderTest under_test("fixed-pool");
  under_test.config.strategies.fixed_pool = {1, 10};
  under_test.start();
  HttpConnection blank = under_test.connect();
  blank.send("\r\n");
  EXPECT_EQ(under_test.connect().get("/plain").status, 200U);
  EXPECT_EQ(blank.get("/plain").status, 200U);
}

TEST(FixedPool, ServesEightKeepAliveClientsEquallyWithFourThreads) {
  constexpr std::size_t clients = 8;
  constexpr std::size_t threads = 4;
  constexpr std::size_t rounds = 10;
  ServerUnderTest under_test("fixed-pool");
  under_test.config.strategies.fixed_pool = {threads, 100};
  under_test.start();
  std::map<std::string, HttpConnection> connections;
  const auto ask = [&](const std::string& client) {
    connections.at(client).send(get_request("/wait", "X-Request-Id: " + client + "\r\n"));
  };
  for (std::size_t index = 0; index < clients; ++index) {
    const std::string client = "client-" + std::to_string(index);
    connections.emplace(client, under_test.connect());
    ask(client);
  }

  // One answer at a time, and whoever got it asks again at once: only the pool's order decides who is served.
  std::map<std::string, std::size_t> served;
  for (std::size_t answer = 0; answer < clients * rounds; ++answer) {
    under_test.backend.wait_for_arrivals(answer + threads);
    const std::string client = under_test.backend.arrivals().at(answer);
    under_test.backend.release(1);
    ASSERT_EQ(connections.at(client).receive().status, 200U);
    ++served[client];
    ask(client);
  }

  ASSERT_EQ(served.size(), clients);
  for (const auto& [client, count] : served) {
    EXPECT_GE(count, rounds - 1) << client;
    EXPECT_LE(count, rounds + 1) << client;
  }
  under_test.backend.open();
  for (auto& [client, connection] : connections)
    EXPECT_EQ(connection.receive().status, 200U) << client;
}

/// One thread that is always there, three at most, and room for two requests to queue.
class GrowingPool : public testing::Test {
 protected:
  void start_with(const char* growth) {
    under_test.config.strategies.fixed_pool = {.threads = 3,
                                               .queue_capacity = 2,
                                               .growth = growth,
                                               .core_threads = 1,
                                               .idle_timeout = std::chrono::milliseconds(1)};
    under_test.start();
  }

  void send() {
    waiting.push_back(under_test.connect());
    waiting.back().send(get_request("/wait"));
  }

  void expect_at_backend(std::size_t requests) {
    under_test.backend.wait_for_arrivals(requests);
    EXPECT_EQ(under_test.backend.arrivals().size(), requests);
  }

  /// And what is left of it once there is nothing to do.
  void expect_answers_and_the_core_again() {
    under_test.backend.open();
    for (HttpConnection& connection : waiting)
      EXPECT_EQ(connection.receive().status, 200U);
    HttpConnection watcher = under_test.connect_to_admin();
    watcher.send(get_request("/events"));
    watcher.read_until("\r\n\r\n");
    std::string threads;
    while (threads != "i") {
      const std::string event = watcher.read_until("\n\n");
      threads = nlohmann::json::parse(event.substr(std::string("data: ").size()))["threads"];
      std::erase(threads, '-');  // where one has ended
    }
  }

  ServerUnderTest under_test{"fixed-pool"};
  std::vector<HttpConnection> waiting;
};

TEST_F(GrowingPool, QueueFirstAddsAThreadOnceTheQueueIsFull) {
  start_with(FixedPool::queue_first);
  for (const char* queued : {"0", "1", "2"}) {
    send();
    under_test.await_status("\"in_flight\": " + std::to_string(waiting.size()));
    under_test.await_status("\"queued\": " + std::string(queued));
  }
  expect_at_backend(1);
  send();
  expect_at_backend(2);
  send();
  expect_at_backend(3);
  EXPECT_EQ(under_test.connect().get("/wait").status, 503U) << "three threads, and two in the queue";
  expect_answers_and_the_core_again();
}

TEST_F(GrowingPool, GrowFirstQueuesOnceThereIsNoThreadToAdd) {
  start_with(FixedPool::grow_first);
  for (std::size_t served = 1; served <= 3; ++served) {
    send();
    expect_at_backend(served);
  }
  EXPECT_THAT(under_test.status(), HasSubstr("\"queued\": 0"));
  send();
  under_test.await_status("\"queued\": 1");
  send();
  under_test.await_status("\"queued\": 2");
  EXPECT_EQ(under_test.connect().get("/wait").status, 503U);
  expect_answers_and_the_core_again();
}

}  // namespace
}  // namespace waitlab::server
