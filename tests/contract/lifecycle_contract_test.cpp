#include "server/strategies/strategy_factory.hpp"
#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>

#include <thread>
#include <vector>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Lifecycle : public EveryStrategy {};

INSTANTIATE_TEST_SUITE_P(Contract, Lifecycle, every_strategy(), strategy_test_name);

TEST_P(Lifecycle, ClosesAConnectionThatStaysIdle) {
  under_test.config.timeouts.keep_alive = 20ms;
  under_test.start();
  HttpConnection connection = under_test.connect();
  EXPECT_EQ(connection.get("/plain").status, 200U);
  EXPECT_TRUE(connection.closed_by_server());
}

TEST_P(Lifecycle, AnswersAHeadThatDoesNotEndWith408) {
  under_test.config.timeouts.header = 20ms;
  under_test.start();
  HttpConnection connection = under_test.connect();
  connection.send("GET /plain HTTP/1.1\r\nHost: te");
  EXPECT_EQ(connection.receive().status, 408U);
  EXPECT_TRUE(connection.closed_by_server());
}

TEST_P(Lifecycle, ARefusalObeysHeadThoughTheHeadDoesNotEnd) {
  under_test.config.timeouts.header = 20ms;
  under_test.start();
  const std::string head = "HEAD /plain HTTP/1.1\r\nHost: te";
  HttpConnection late = under_test.connect();
  late.send(head);
  EXPECT_EQ(late.receive(true).status, 408U);
  EXPECT_TRUE(late.closed_by_server());
}

TEST_P(Lifecycle, ABodyThatDripsDoesNotMoveItsDeadline) {
  under_test.config.timeouts.request = 50ms;
  under_test.start();
  HttpConnection dripping = under_test.connect();
  dripping.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n");
  while (under_test.status().find("\"incomplete_request\": 0") != std::string::npos)
    dripping.send("x");
  EXPECT_EQ(dripping.receive().status, 408U);
}

TEST_P(Lifecycle, RefusesConnectionsOnceItDrains) {
  under_test.start();
  EXPECT_TRUE(under_test.server().drain());
  EXPECT_THROW(under_test.connect(), std::exception);
}

TEST_P(Lifecycle, TurnsAConnectionBeyondTheLimitAwayWith503) {
  under_test.config.limits.max_connections = 2;
  under_test.start();
  HttpConnection first = under_test.connect();
  HttpConnection second = under_test.connect();
  EXPECT_EQ(first.get("/plain").status, 200U);
  EXPECT_EQ(second.get("/plain").status, 200U);

  HttpConnection third = under_test.connect();
  const HttpAnswer answer = third.receive();
  EXPECT_EQ(answer.status, 503U);
  for (const std::string field : {"Retry-After: ", "Date: ", "X-Request-Id: ", "Server-Timing: "}) {
    EXPECT_THAT(answer.text, HasSubstr(field));
  }
  EXPECT_THAT(under_test.status(), HasSubstr("\"max_connections\": 1"));
}

TEST_P(Lifecycle, RefusesAsTheRequestAsks) {
  under_test.config.limits.max_connections = 1;
  under_test.config.timeouts.refused = 2s;
  under_test.start();
  HttpConnection only = under_test.connect();
  EXPECT_EQ(only.get("/plain").status, 200U);
  HttpConnection refused = under_test.connect();
  refused.send("HEAD /plain HTTP/1.1\r\nHost: test\r\nX-Request-Id: refused-1\r\n\r\n");
  const HttpAnswer answer = refused.receive(true);
  EXPECT_EQ(answer.status, 503U);
  EXPECT_THAT(answer.text, HasSubstr("\r\nX-Request-Id: refused-1\r\n"));
  EXPECT_TRUE(refused.closed_by_server());
}

TEST_P(Lifecycle, RefusesAsFarAsTheRequestIsKnown) {
  under_test.config.limits.max_connections = 1;
  under_test.start();
  HttpConnection only = under_test.connect();
  EXPECT_EQ(only.get("/plain").status, 200U);
  HttpConnection unfinished = under_test.connect();
  unfinished.send("HEAD /pl");
  EXPECT_EQ(unfinished.receive(true).status, 503U);
  EXPECT_TRUE(unfinished.closed_by_server());
}

TEST_P(Lifecycle, ItsLastAnswerReachesAClientThatIsStillSending) {
  under_test.config.limits.max_connections = 1;
  under_test.config.limits.body_bytes = 1000;
  under_test.config.timeouts.linger = 30s;
  under_test.start();
  const std::string more(4 * 1024 * 1024, 'x');
  const std::string head = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 4194304\r\n\r\n";
  HttpConnection too_long = under_test.connect();
  too_long.send(head + more);
  EXPECT_EQ(too_long.receive().status, 413U);

  HttpConnection refused = under_test.connect();
  refused.send(head + more);
  EXPECT_EQ(refused.receive().status, 503U);
}

TEST_P(Lifecycle, ItsLastAnswerReachesAClientThatGoesOnSendingForLong) {
  under_test.config.limits.body_bytes = 1000;
  under_test.config.timeouts.linger = 1s;
  under_test.start();
  HttpConnection slow = under_test.connect();
  slow.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000000\r\n\r\n");
  const auto end = std::chrono::steady_clock::now() + 1100ms;
  while (std::chrono::steady_clock::now() < end)
    slow.send("x");
  EXPECT_EQ(slow.receive().status, 413U);
}

TEST_P(Lifecycle, TheAnswerBeforeItClosesReachesAClientThatIsStillSending) {
  under_test.config.timeouts.linger = 30s;
  under_test.start();
  HttpConnection last = under_test.connect();
  last.send(get_request("/plain", "Connection: close\r\n") + std::string(4 * 1024 * 1024, 'x'));
  EXPECT_EQ(last.receive().status, 200U);
}

TEST_P(Lifecycle, ARequestThatIsNotAllThereHoldsNoThread) {
  constexpr std::uint32_t threads = 4;
  under_test.config.strategies.fixed_pool = {threads, 10};
  under_test.config.strategies.thread_per_request = {threads};
  under_test.start();
  std::vector<HttpConnection> heads;
  for (std::uint32_t connection = 0; connection < 2 * threads; ++connection) {
    heads.push_back(under_test.connect());
    heads.back().send("G");
  }
  HttpConnection body = under_test.connect();
  body.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhe");
  HttpConnection asked = under_test.connect();
  asked.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  asked.wait_for("HTTP/1.1 100 Continue\r\n\r\n");
  asked.send("hel");

  EXPECT_EQ(under_test.connect().get("/plain").status, 200U);
  heads.back().send("ET /plain HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(heads.back().receive().body, "plain\n");
  body.send("llo");
  EXPECT_EQ(body.receive().body, "hello");
  asked.send("lo");
  EXPECT_EQ(asked.receive().body, "hello");
}

TEST_P(Lifecycle, ARequestThatIsNotAllThereOutlivesASwap) {
  under_test.start();
  for (const std::string& next : strategy_names()) {
    HttpConnection connection = under_test.connect();
    EXPECT_EQ(connection.get("/plain").status, 200U);
    connection.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhe");
    under_test.switch_to(next);
    under_test.switch_to(GetParam());
    connection.send("llo");
    EXPECT_EQ(connection.receive().body, "hello") << next;

    connection.send(get_request("/plain") + "GET /pl");
    EXPECT_EQ(connection.receive().body, "plain\n");
    under_test.switch_to(next);
    connection.send("ain HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(connection.receive().body, "plain\n") << next;
  }
}

TEST_P(Lifecycle, ServesAPipelinedRequestThatHasBegunBeforeItDrains) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/plain") + "GET /pl");
  EXPECT_EQ(connection.receive().body, "plain\n");
  std::thread stopper([this] { EXPECT_TRUE(under_test.server().drain()); });
  EXPECT_THROW(for (;;) under_test.connect(), std::exception);  // until it drains
  connection.send("ain HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(connection.receive().body, "plain\n");
  stopper.join();
}

TEST_P(Lifecycle, DrainsRequestsInFlightAndClosesIdleConnections) {
  under_test.start();
  HttpConnection idle = under_test.connect();
  EXPECT_EQ(idle.get("/plain").status, 200U);
  HttpConnection waiting = under_test.connect_and_wait();

  std::thread stopper([this] { EXPECT_TRUE(under_test.server().drain()); });
  EXPECT_TRUE(idle.closed_by_server());
  under_test.backend.open();
  const HttpAnswer answer = waiting.receive();
  EXPECT_EQ(answer.body, "waited\n");
  EXPECT_THAT(answer.text, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(waiting.closed_by_server());
  stopper.join();
}

TEST_P(Lifecycle, ASwapKeepsIdleConnectionsAndRequestsInFlight) {
  under_test.start();
  std::size_t arrivals = 0;
  for (const std::string& next : strategy_names()) {
    HttpConnection idle = under_test.connect();
    EXPECT_EQ(idle.get("/plain").status, 200U);
    HttpConnection waiting = under_test.connect();
    waiting.send(get_request("/wait"));
    under_test.backend.wait_for_arrivals(++arrivals);

    under_test.switch_to(next);

    EXPECT_EQ(idle.get("/plain").status, 200U) << next;
    under_test.backend.release(1);
    EXPECT_EQ(waiting.receive().body, "waited\n") << next;
    EXPECT_EQ(waiting.get("/plain").status, 200U) << next;
    EXPECT_EQ(under_test.connect().get("/plain").status, 200U) << next;
    EXPECT_THAT(under_test.status(), HasSubstr("\"strategy\": \"" + next + "\""));
  }
}

TEST_P(Lifecycle, ASwapTakesOverAClientWhoseNextRequestIsThere) {
  under_test.config.strategies.fixed_pool = {1, 10};
  under_test.start();
  std::size_t arrivals = 0;
  for (const std::string& next : strategy_names()) {
    if (next == GetParam()) continue;
    HttpConnection pipelining = under_test.connect();
    pipelining.send(get_request("/wait") + get_request("/wait") + get_request("/plain") + "GET /pl");
    under_test.backend.wait_for_arrivals(++arrivals);
    under_test.switch_to(next);
    under_test.backend.release(1);
    EXPECT_EQ(pipelining.receive().body, "waited\n");
    under_test.backend.wait_for_arrivals(++arrivals);
    EXPECT_THAT(under_test.connect_to_admin().get("/metrics").body,
                HasSubstr("waitlab_requests_in_flight{strategy=\"" + next + "\",state=\"waiting\"} 1\n"));
    under_test.backend.release(1);
    EXPECT_EQ(pipelining.receive().body, "waited\n");
    EXPECT_EQ(pipelining.receive().body, "plain\n");
    pipelining.send("ain HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(pipelining.receive().body, "plain\n");
    under_test.switch_to(GetParam());
  }
}

TEST_P(Lifecycle, ADrainEndsAtItsDeadlineWhateverTheServerIsBusyWith) {
  under_test.config.timeouts.drain = 1ms;
  under_test.start();
  HttpConnection busy = under_test.connect();
  busy.send(get_request("/cpu?work=300ms"));
  under_test.await_status("\"running\": 1");
  EXPECT_FALSE(under_test.server().drain());
  EXPECT_EQ(busy.receive().status, 200U);
  while (!under_test.server().drain())
    std::this_thread::yield();
}

TEST_P(Lifecycle, AReloadThatNeedsARestartChangesNothing) {
  under_test.start();
  ServerConfig wanted = under_test.config;
  wanted.listen.port = 1;
  const auto reloaded = under_test.server().reload(wanted);
  ASSERT_FALSE(reloaded);
  EXPECT_THAT(reloaded.error().message, HasSubstr("listen"));
  EXPECT_EQ(under_test.connect().get("/plain").status, 200U);
}

TEST_P(Lifecycle, ABusyPortIsAFailureThatSaysSo) {
  under_test.start();
  ServerConfig second = under_test.config;
  second.listen.port = under_test.server().address().port();
  const auto started = Server::start(second);
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("listen.port"));
}

}  // namespace
}  // namespace waitlab::server
