#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class BackendCalls : public EveryStrategy {};

INSTANTIATE_TEST_SUITE_P(Contract, BackendCalls, every_strategy(), strategy_test_name);

TEST_P(BackendCalls, CarryTheRequestsIdSoThatItsDelayIsItsOwn) {
  under_test.start();
  under_test.backend.open();
  HttpConnection connection = under_test.connect();
  EXPECT_EQ(connection.get("/wait", "X-Request-Id: a-1\r\n").body, "waited\n");
  EXPECT_EQ(connection.get("/mix?work=1us", "X-Request-Id: a-2\r\n").body, "worked and waited\n");

  EXPECT_THAT(under_test.backend.arrivals(), testing::ElementsAre("a-1", "a-2"));
}

TEST_P(BackendCalls, ReachTheProfileThatIsNamed) {
  under_test.start();
  under_test.backend.open();
  HttpConnection connection = under_test.connect();
  EXPECT_EQ(connection.get("/wait?backend=db").body, "waited\n");
  EXPECT_EQ(connection.get("/mix?work=1us&backend=db&delay=1ms").body, "worked and waited\n");
  EXPECT_EQ(connection.get("/fanout?calls=1&backend=db").status, 200U);
  EXPECT_EQ(connection.get("/wait").status, 200U);

  EXPECT_THAT(under_test.backend.targets(),
              testing::ElementsAre("/hold?route=/wait&profile=db", "/hold?route=/mix&delay=1000000ns&profile=db",
                                   "/hold?route=/fanout/1&profile=db", "/hold?route=/wait"));
}

TEST_P(BackendCalls, ReachTheProfileThatIsNamedInTimerMode) {
  under_test.config.backend.mode = "timer";
  under_test.config.backend.profiles.standard.delay = {.distribution = "fixed", .value = 1h};
  under_test.config.backend.profiles.named["db"].delay = {.distribution = "fixed", .value = 0ms};
  under_test.start();
  HttpConnection connection = under_test.connect();
  EXPECT_EQ(connection.get("/wait?backend=db").body, "waited\n");
  const HttpAnswer unknown = connection.get("/wait?backend=bd");
  EXPECT_EQ(unknown.status, 400U);
  EXPECT_THAT(unknown.text, HasSubstr("application/problem+json"));
  EXPECT_THAT(unknown.body, HasSubstr("parameter 'backend': there is no profile \\\"bd\\\"; there are: db"));
  EXPECT_EQ(connection.get("/fanout?calls=2&backend=bd").status, 400U);
}

TEST_P(BackendCalls, OfAProfileThatTheBackendDoesNotHaveAre400) {
  under_test.start();
  under_test.backend.open();
  under_test.backend.answer_with(
      "HTTP/1.1 400 Bad Request\r\nContent-Length: 27\r\n\r\n{\"detail\":\"there are: db\"}\n");
  HttpConnection connection = under_test.connect();
  const HttpAnswer unknown = connection.get("/wait?backend=bd");
  EXPECT_EQ(unknown.status, 400U);
  EXPECT_THAT(unknown.body, HasSubstr("parameter 'backend': there are: db"));
  EXPECT_EQ(connection.get("/wait?backend=").status, 400U);
  EXPECT_EQ(connection.get("/wait?backend=" + std::string(65, 'a')).status, 400U);
  EXPECT_THAT(under_test.status(), HasSubstr("\"unknown_profile\": 1"));
}

TEST_P(BackendCalls, ReuseTheirConnection) {
  under_test.start();
  under_test.backend.open();
  HttpConnection connection = under_test.connect();
  for (int call = 0; call < 10; ++call)
    EXPECT_EQ(connection.get("/wait").status, 200U);

  EXPECT_EQ(under_test.backend.connections(), backend_connections_for(10));
}

TEST_P(BackendCalls, ReplaceAPooledConnectionThatTheBackendClosed) {
  under_test.start();
  under_test.backend.open();
  under_test.backend.close_after_answering();
  HttpConnection connection = under_test.connect();
  for (int call = 0; call < 5; ++call)
    EXPECT_EQ(connection.get("/wait").status, 200U);
}

TEST_P(BackendCalls, NeverTakeForAnAnswerWhatCameUnasked) {
  under_test.start();
  under_test.backend.open();
  under_test.backend.fail(2);
  HttpConnection connection = under_test.connect();
  EXPECT_EQ(connection.get("/wait").status, 200U);
  under_test.backend.send_unasked("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(connection.get("/wait").status, 502U);
  under_test.backend.send_unasked("\r\n");
  EXPECT_EQ(connection.get("/wait").status, 200U);
  under_test.backend.send_unasked("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
  under_test.backend.stop_sending();
  EXPECT_EQ(connection.get("/wait").status, 200U);

  EXPECT_EQ(under_test.backend.connections(), 4U);
}

TEST_P(BackendCalls, LetGoOfAConnectionThatTheBackendClosesWhileItIsIdle) {
  under_test.start();
  std::vector<HttpConnection> connections;
  for (int index = 0; index < 3; ++index) {
    connections.push_back(under_test.connect());
    connections.back().send(get_request("/wait"));
  }
  under_test.backend.wait_for_arrivals(3);
  under_test.backend.open();
  for (HttpConnection& connection : connections)
    EXPECT_EQ(connection.receive().status, 200U);

  under_test.backend.stop_sending();
  under_test.backend.wait_for_closed(3);
}

TEST_P(BackendCalls, AreGivenUpWhenTheClientResets) {
  under_test.start();
  for (const std::string target : {"/wait", "/fanout?calls=3", "/fanout?calls=3&mode=sequential", "/mix?work=1us"}) {
    HttpConnection connection = under_test.connect();
    connection.send(get_request(target));
    under_test.await_status("\"waiting\": 1");
    connection.reset();
    under_test.await_status("\"in_flight\": 0");
  }
  EXPECT_THAT(under_test.status(), HasSubstr("\"client_reset\": 4"));
  EXPECT_THAT(under_test.status(), HasSubstr("\"5xx\": 0"));
}

TEST_P(BackendCalls, AreGivenUpWhenTheClientResetsInTimerMode) {
  under_test.config.backend.mode = "timer";
  under_test.start();
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/wait?delay=1m"));
  under_test.await_status("\"waiting\": 1");
  connection.reset();
  under_test.await_status("\"client_reset\": 1");
}

TEST_P(BackendCalls, GoOnForAClientThatHasOnlyStoppedSending) {
  under_test.start();
  HttpConnection connection = under_test.connect_and_wait();
  connection.stop_sending();
  under_test.backend.open();
  EXPECT_EQ(connection.receive().body, "waited\n");
}

TEST_P(BackendCalls, WaitAtTheSameTimeForManyRequests) {
  under_test.start();
  std::vector<HttpConnection> connections;
  for (int index = 0; index < 12; ++index) {
    connections.push_back(under_test.connect());
    connections.back().send(get_request("/wait"));
  }
  under_test.backend.wait_for_arrivals(12);
  EXPECT_THAT(under_test.status(), HasSubstr("\"waiting\": 12"));
  under_test.backend.open();
  for (HttpConnection& connection : connections)
    EXPECT_EQ(connection.receive().status, 200U);
}

TEST_P(BackendCalls, ThatAreRefusedAre502) {
  under_test.config.backend.address = "127.0.0.1:1";
  under_test.start();
  const HttpAnswer answer = under_test.connect().get("/wait");
  EXPECT_EQ(answer.status, 502U);
  EXPECT_THAT(answer.text, HasSubstr("application/problem+json"));
  EXPECT_THAT(under_test.status(), HasSubstr("\"refused\": 1"));
}

TEST_P(BackendCalls, ThatAreTooLateAre504) {
  under_test.config.backend.timeout = 200ms;
  under_test.start();
  HttpConnection connection = under_test.connect();
  EXPECT_EQ(connection.get("/wait").status, 504U);
  EXPECT_THAT(under_test.status(), HasSubstr("\"timed_out\": 1"));
  under_test.backend.open();
  EXPECT_EQ(connection.get("/wait").status, 200U);
}

TEST_P(BackendCalls, AreBoundedByTheRequestsOwnDeadline) {
  under_test.config.timeouts.request = 500ms;
  under_test.start();
  EXPECT_EQ(under_test.connect().get("/wait").status, 504U);
}

TEST_P(BackendCalls, NeedNoNetworkInTimerMode) {
  under_test.config.backend.mode = "timer";
  under_test.start();
  HttpConnection connection = under_test.connect();
  EXPECT_EQ(connection.get("/wait?delay=1ms").status, 200U);
  EXPECT_EQ(connection.get("/wait?delay=0ms").status, 200U);
  EXPECT_TRUE(under_test.backend.arrivals().empty());
}

}  // namespace
}  // namespace waitlab::server
