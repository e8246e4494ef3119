#include "backend/listener.hpp"

#include "backend/loop_time.hpp"
#include "common/net/linger.hpp"
#include "tests/support/http_connection.hpp"
#include "tests/support/patience.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/ip/address_v4.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace waitlab::backend {
namespace {

using testing::HasSubstr;

/// More than a session takes in one read, and less than a socket's buffers hold.
const std::string more(48 * 1024, 'x');

/// The loop runs only when a test lets it, so what clients have done before is all there is to be found.
class ListenerTest : public testing::Test {
 protected:
  ListenerTest() {
    EXPECT_TRUE(listener.open({boost::asio::ip::address_v4::loopback(), 0}));
    listener.start();
  }

  HttpConnection connect() const { return HttpConnection(listener.endpoint().port()); }

  /// A connection that has been accepted and waits for its first request.
  HttpConnection connect_idle() {
    HttpConnection client = connect();
    loop.poll();
    return client;
  }

  /// Stops with what there is, and serves that.
  void stop_and_run() {
    listener.stop([this] { loop.stop(); });
    loop.run_for(patience);
    EXPECT_TRUE(loop.stopped());
  }

  /// Runs the loop until that is so.
  void run_until(const std::function<bool(const HoldCounts&)>& is_so) {
    const auto end = time.now() + patience;
    while (!is_so(profiles.counts()) && time.now() < end)
      loop.run_one_until(end);
    EXPECT_TRUE(is_so(profiles.counts()));
  }

  boost::asio::io_context loop{1};
  LoopTime time{loop};
  Profiles profiles{{}, time};
  Listener listener{loop, time, profiles};
};

TEST_F(ListenerTest, ServesWhatTheKernelHasAcceptedBeforeItStops) {
  std::vector<HttpConnection> clients;
  for (int client = 0; client < 20; ++client) {
    clients.push_back(connect());
    clients.back().send(get_request("/hold?delay=1ms"));
  }
  stop_and_run();
  for (HttpConnection& client : clients) {
    const HttpAnswer answer = client.receive();
    EXPECT_EQ(answer.status, 200U);
    EXPECT_THAT(answer.text, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_TRUE(client.ends_without_reset());
  }
}

TEST_F(ListenerTest, AnswersARequestThatHasComeBeforeItStops) {
  HttpConnection client = connect_idle();
  client.send(get_request("/hold?delay=1ms"));
  stop_and_run();
  EXPECT_EQ(client.receive().status, 200U);
  EXPECT_TRUE(client.ends_without_reset());
}

TEST_F(ListenerTest, AnswersARequestThatHasBegunBeforeItStops) {
  HttpConnection client = connect_idle();
  client.send("GET /hold?delay=1ms HTTP/1.1\r\n");
  loop.poll();
  listener.stop([this] { loop.stop(); });
  loop.poll();
  client.send("Host: test\r\n\r\n");
  loop.run_for(patience);
  EXPECT_EQ(client.receive().status, 200U);
  EXPECT_TRUE(client.ends_without_reset());
}

TEST_F(ListenerTest, ClosesWhatIsIdleWhenItStops) {
  HttpConnection idle = connect_idle();
  HttpConnection not_yet_accepted = connect();
  stop_and_run();
  EXPECT_TRUE(idle.ends_without_reset());
  EXPECT_TRUE(not_yet_accepted.ends_without_reset());
}

TEST_F(ListenerTest, AnswersAClientThatWaitsToBeAskedForItsBody) {
  HttpConnection wrong = connect();
  wrong.send("POST /hold HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  HttpConnection right = connect();
  right.send("GET /hold?delay=1ms HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  stop_and_run();
  EXPECT_EQ(wrong.receive().status, 405U);
  EXPECT_EQ(right.receive().status, 200U);
}

TEST_F(ListenerTest, NoticesThatAClientLeavesBehindMoreThanIsRead) {
  const std::string request = get_request("/hold?delay=1h") + std::string(100 * 1024, 'x');
  std::vector<HttpConnection> clients;
  for (int client = 0; client < 2; ++client) {
    clients.push_back(connect());
    clients.back().send(request);
  }
  run_until([](const HoldCounts& counts) { return counts.holding == 2; });
  clients.front().reset();
  run_until([](const HoldCounts& counts) { return counts[Outcome::aborted] == 1; });
  clients.clear();
  run_until([](const HoldCounts& counts) { return counts[Outcome::aborted] == 2; });
}

class LastAnswerToOne : public ListenerTest {
 protected:
  ~LastAnswerToOne() override { loop.stop(); }

  std::jthread running{[this] { loop.run(); }};
};

class LastAnswer : public LastAnswerToOne, public testing::WithParamInterface<std::string> {};

INSTANTIATE_TEST_SUITE_P(OfARequest, LastAnswer,
                         testing::Values("GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n",
                                         "GET /healthz HTTP/1.0\r\n\r\n",
                                         "POST /hold HTTP/1.1\r\nHost: test\r\nContent-Length: 2000000\r\n\r\n",
                                         "GET /hold HTTP/3.0\r\n\r\n"));

TEST_P(LastAnswer, ReachesAClientThatIsStillSending) {
  HttpConnection client = connect();
  client.send(GetParam() + more);
  EXPECT_NE(client.receive().status, 0U);
  EXPECT_TRUE(client.ends_without_reset());
}

TEST_F(LastAnswerToOne, ReachesAClientThatGoesOnSendingForLong) {
  HttpConnection client = connect();
  client.send("POST /hold HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000000\r\n\r\n");
  const auto end = std::chrono::steady_clock::now() + linger_pause + std::chrono::milliseconds(200);
  while (std::chrono::steady_clock::now() < end)
    client.send("x");
  EXPECT_EQ(client.receive().status, 413U);
  EXPECT_TRUE(client.ends_without_reset());
}

class Refusal : public LastAnswer {};

INSTANTIATE_TEST_SUITE_P(OfARequest, Refusal,
                         testing::Values(" /hold HTTP/1.1\r\nHost: test\r\nContent-Length: 2000000\r\n\r\n",
                                         " /hold HTTP/1.1\r\nHost: a b\r\n\r\n", " /hold HTTP/3.0\r\n\r\n",
                                         " /" + more));

TEST_P(Refusal, HasABodyExceptForHead) {
  HttpConnection get = connect();
  get.send("GET" + GetParam());
  EXPECT_FALSE(get.receive().body.empty());
  EXPECT_TRUE(get.ends_without_reset());
  HttpConnection head = connect();
  head.send("HEAD" + GetParam());
  EXPECT_GE(head.receive(true).status, 400U);
  EXPECT_TRUE(head.ends_without_reset());
}

}  // namespace
}  // namespace waitlab::backend
