#include "server/admin/event_stream.hpp"
#include "server/strategies/strategy_factory.hpp"
#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace waitlab::server {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// Someone who watches the server.
class Viewer {
 public:
  explicit Viewer(const ServerUnderTest& watched) : connection_(watched.connect_to_admin()) {
    connection_.send(get_request("/events"));
    head_ = connection_.read_until("\r\n\r\n");
  }

  const std::string& head() const { return head_; }
  bool is_cut_off() { return connection_.closed_by_server(); }

  json frame() {
    const std::string event = connection_.read_until("\n\n");
    EXPECT_TRUE(event.starts_with("data: ")) << event;
    return json::parse(event.substr(std::string("data: ").size()));
  }

  /// The first frame of which that is true.
  template <class Wanted>
  json await(Wanted wanted) {
    constexpr int most_frames = 300;  // a minute
    json last;
    for (int count = 0; count < most_frames; ++count) {
      last = frame();
      if (wanted(last)) return last;
    }
    ADD_FAILURE() << "never came; the last was " << last;
    return last;
  }

 private:
  HttpConnection connection_;
  std::string head_;
};

std::size_t held_threads(const json& frame) {
  const auto threads = frame["threads"].get<std::string>();
  return static_cast<std::size_t>(std::ranges::count(threads, 'w'));
}

class Live : public EveryStrategy {
 protected:
  /// Connections with a request each that waits at the backend.
  std::vector<HttpConnection> waiting_requests(std::size_t count) {
    std::vector<HttpConnection> connections;
    for (std::size_t index = 0; index < count; ++index) {
      connections.push_back(under_test.connect());
      connections.back().send(get_request("/wait"));
    }
    under_test.backend.wait_for_arrivals(count);
    return connections;
  }
};

INSTANTIATE_TEST_SUITE_P(Contract, Live, every_strategy(), strategy_test_name);

TEST_P(Live, ServesAPageThatMayDoNothingButListen) {
  under_test.start();
  const HttpAnswer page = under_test.connect_to_admin().get("/");
  EXPECT_EQ(page.status, 200U);
  EXPECT_THAT(page.text, HasSubstr("\r\nContent-Type: text/html; charset=utf-8\r\n"));
  EXPECT_THAT(page.text, HasSubstr("\r\nContent-Security-Policy: default-src 'none'; script-src 'sha256-"));
  EXPECT_THAT(page.text, HasSubstr("connect-src 'self'; frame-ancestors 'none'\r\n"));
  EXPECT_TRUE(page.body.starts_with("<!doctype html>"));
  EXPECT_EQ(page.body.find("@SCRIPT@"), std::string::npos);
}

TEST_P(Live, SaysWhichStrategyRunsAndThatNothingWaits) {
  under_test.start();
  Viewer viewer(under_test);
  EXPECT_THAT(viewer.head(), HasSubstr("\r\nContent-Type: text/event-stream\r\n"));
  const json frame = viewer.frame();
  EXPECT_EQ(frame["strategy"], GetParam());
  EXPECT_FALSE(frame["description"].get<std::string>().empty());
  EXPECT_EQ(frame["requests"], json::parse(R"({"in_flight": 0, "queued": 0, "running": 0, "waiting": 0})"));
  EXPECT_TRUE(frame["last_second"]["p99_ms"].is_null());
}

TEST_P(Live, ShowsAThreadAsHeldForEachWaitingRequestExactlyIfItHoldsOne) {
  under_test.start();
  Viewer viewer(under_test);
  std::vector<HttpConnection> connections = waiting_requests(3);
  const json waits = viewer.await([](const json& frame) {
    return frame["requests"]["waiting"] == 3 &&
           held_threads(frame) == (frame["facts"]["holds_worker"].get<bool>() ? 3 : 0);
  });
  EXPECT_EQ(waits["requests"]["in_flight"], 3);
  under_test.backend.open();
  for (HttpConnection& connection : connections)
    EXPECT_EQ(connection.receive().status, 200U);
  viewer.await([](const json& frame) { return frame["requests"]["in_flight"] == 0 && held_threads(frame) == 0; });
}

TEST_P(Live, TellsRatesAndPercentilesOfTheLastSecond) {
  under_test.start();
  under_test.backend.open();
  Viewer viewer(under_test);
  viewer.frame();
  HttpConnection connection = under_test.connect();
  for (int request = 0; request < 20; ++request)
    EXPECT_EQ(connection.get("/wait").status, 200U);
  const json frame = viewer.await([](const json& seen) { return !seen["last_second"]["p99_ms"].is_null(); });
  EXPECT_GT(frame["last_second"]["answered_per_second"], 0.0);
  EXPECT_GE(frame["last_second"]["p99_ms"], frame["last_second"]["p50_ms"]);
  EXPECT_GE(frame["last_second"]["cpus"], 0.0);
}

TEST_P(Live, FollowsASwitch) {
  under_test.start();
  Viewer viewer(under_test);
  std::vector<HttpConnection> connections = waiting_requests(1);
  const std::vector<std::string> names = strategy_names();
  const std::string next = names.front() == GetParam() ? names.back() : names.front();
  under_test.switch_to(next);
  const json frame = viewer.await([&](const json& seen) { return seen["strategy"] == next; });
  EXPECT_EQ(frame["leaving"][0]["strategy"], GetParam());
  under_test.backend.open();
  EXPECT_EQ(connections.front().receive().status, 200U);
  viewer.await([](const json& seen) { return seen["leaving"].empty(); });
}

TEST_P(Live, ServesSeveralViewersAndTurnsTheLastOneAway) {
  under_test.start();
  std::vector<Viewer> viewers;
  for (std::size_t index = 0; index < EventStream::most_listeners; ++index)
    viewers.emplace_back(under_test);
  for (Viewer& viewer : viewers)
    EXPECT_EQ(viewer.frame()["strategy"], GetParam());
  const HttpAnswer beyond = under_test.connect_to_admin().get("/events");
  EXPECT_EQ(beyond.status, 503U);
  EXPECT_THAT(beyond.text, HasSubstr("\r\nRetry-After: "));
  viewers.pop_back();
  // It is missed when the next frame cannot be sent.
  while (under_test.connect_to_admin().get("/status").status == 200U) {
    HttpConnection again = under_test.connect_to_admin();
    again.send(get_request("/events"));
    if (again.read_until("\r\n").find("200") != std::string::npos) break;
  }
}

TEST_P(Live, AnswersHeadWithoutAStream) {
  under_test.start();
  HttpConnection connection = under_test.connect_to_admin();
  connection.send("HEAD /events HTTP/1.1\r\nHost: test\r\n\r\n");
  const HttpAnswer answer = connection.receive(true);
  EXPECT_EQ(answer.status, 200U);
  EXPECT_THAT(answer.text, HasSubstr("\r\nContent-Type: text/event-stream\r\n"));
  EXPECT_THAT(answer.text, Not(HasSubstr("\r\nContent-Length:")));  // of which GET tells none
  EXPECT_EQ(connection.get("/healthz").status, 200U);
}

TEST_P(Live, EndsWithTheServerAndDoesNotHoldItUp) {
  under_test.start();
  Viewer viewer(under_test);
  viewer.frame();
  under_test.stop();
  while (!viewer.is_cut_off())
    viewer.frame();
}

}  // namespace
}  // namespace waitlab::server
