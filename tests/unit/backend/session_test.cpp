#include "backend/listener.hpp"
#include "backend/loop_time.hpp"
#include "tests/support/http_connection.hpp"
#include "tests/support/patience.hpp"
#include "tests/unit/backend/fake_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <thread>

namespace waitlab::backend {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string put_request(const std::string& target, const std::string& body, const std::string& method = "PUT") {
  return method + " " + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

/// A backend whose loop has a thread of its own.
class SessionTest : public testing::Test {
 protected:
  ~SessionTest() override { loop_.stop(); }

  void start() {
    listener_.emplace(loop_, time_, profiles_.emplace(settings_, time_));
    ASSERT_TRUE(listener_->open({boost::asio::ip::address_v4::loopback(), 0}));
    listener_->start();
    running_ = std::jthread([this] { loop_.run(); });
  }

  void start_with(DelayProfile::Faults faults) {
    settings_.standard.faults = faults;
    start();
  }

  HttpConnection connect() const { return HttpConnection(listener_->endpoint().port()); }

  HttpAnswer put(const std::string& target, const std::string& body) const {
    HttpConnection client = connect();
    client.send(put_request(target, body));
    return client.receive();
  }

  /// The counts as they are between two events of the loop.
  HoldCounts counts() {
    std::promise<HoldCounts> counts;
    boost::asio::post(loop_, [&] { counts.set_value(profiles_->counts()); });
    return counts.get_future().get();
  }

  /// Asks until it is so, as long as patience lasts.
  void await(const std::function<bool(const HoldCounts&)>& is_so) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!is_so(counts()) && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
    EXPECT_TRUE(is_so(counts()));
  }

  boost::asio::io_context loop_{1};
  LoopTime time_{loop_};
  DelayProfiles settings_;
  std::optional<Profiles> profiles_;
  std::optional<Listener> listener_;
  std::jthread running_;
};

TEST_F(SessionTest, AnswersAnErrorThatIsAFaultAndGoesOn) {
  start_with({.error = 1, .error_status = 502});
  HttpConnection client = connect();
  EXPECT_EQ(client.get("/hold?delay=0ms").status, 502U);
  const HttpAnswer again = client.get("/hold?delay=0ms");
  EXPECT_EQ(again.status, 502U);
  EXPECT_THAT(again.text, HasSubstr("application/problem+json"));
  EXPECT_EQ(counts()[Outcome::failed], 2U);
}

TEST_F(SessionTest, ResetsTheConnectionBeforeTheAnswer) {
  start_with({.reset_before = 1});
  HttpConnection client = connect();
  client.send(get_request("/hold?delay=1ms"));
  EXPECT_EQ(client.read_to_reset(), "");
  EXPECT_EQ(counts()[Outcome::reset_before], 1U);
}

TEST_F(SessionTest, ResetsTheConnectionInTheMiddleOfTheAnswer) {
  start_with({.reset_in = 1});
  HttpConnection client = connect();
  client.send(get_request("/hold?delay=1ms"));
  const std::string came = client.read_to_reset();
  EXPECT_THAT(came, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\n\r\n{\"held"), Not(EndsWith("}"))));
  EXPECT_EQ(counts()[Outcome::reset_in], 1U);
}

TEST_F(SessionTest, ResetsTheConnectionAfterTheHeadOfAnAnswerToHead) {
  start_with({.reset_in = 1});
  HttpConnection client = connect();
  client.send("HEAD /hold?delay=0ms HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_THAT(client.read_to_reset(), EndsWith("\r\n\r\n"));
}

TEST_F(SessionTest, DripsTheBodyAndGoesOn) {
  start_with({.drip = 1, .drip_pause = 1ms});
  HttpConnection client = connect();
  for (int request = 0; request < 2; ++request) {
    const HttpAnswer answer = client.get("/hold?delay=0ms");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_THAT(answer.body, StartsWith("{\"held_ms\":"));
  }
  EXPECT_EQ(counts()[Outcome::dripped], 2U);
}

TEST_F(SessionTest, StopsDrippingOnceItsCallerHasLeft) {
  start_with({.drip = 1, .drip_pause = 1h});
  HttpConnection client = connect();
  client.send(get_request("/hold?delay=0ms"));
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("Content-Length: "));
  client.reset();
  await([](const HoldCounts& counts) { return counts[Outcome::dripped] == 1; });
}

TEST(DrippingSession, PausesBeforeEachByte) {
  boost::asio::io_context loop{1};
  FakeTime time;
  DelayProfiles settings;
  settings.standard.faults = {.drip = 1, .drip_pause = 1h};
  Profiles profiles(settings, time);
  Listener listener(loop, time, profiles);
  ASSERT_TRUE(listener.open({boost::asio::ip::address_v4::loopback(), 0}));
  listener.start();
  HttpConnection client(listener.endpoint().port());
  client.send(get_request("/hold?delay=0ms"));
  while (profiles.counts().holding == 0)
    ASSERT_GT(loop.run_one_for(patience), 0U);
  time.advance(0ns);
  loop.poll();
  client.read_until("\r\n\r\n");
  for (const std::chrono::nanoseconds step : {std::chrono::nanoseconds(1h) - 1ns, 1ns}) {
    time.advance(step);
    loop.poll();
  }
  listener.close_sessions();
  client.wait_for("{");
  EXPECT_TRUE(client.closed_by_server()) << "only one byte was due";
}

TEST_F(SessionTest, NeverAnswersAHoldThatStallsWhichEndsWithItsCaller) {
  start_with({.stall = 1});
  HttpConnection client = connect();
  client.send(get_request("/hold?delay=0ms"));
  await([](const HoldCounts& counts) { return counts.holding == 1; });
  client.reset();
  await([](const HoldCounts& counts) { return counts[Outcome::stalled] == 1; });
  EXPECT_EQ(counts().holding, 0U);
}

TEST_F(SessionTest, HoldsByTheProfileThatIsNamed) {
  settings_.named["db"].faults = {.error = 1, .error_status = 418};
  start();
  HttpConnection client = connect();
  EXPECT_EQ(client.get("/hold?delay=0ms").status, 200U);
  EXPECT_EQ(client.get("/hold?delay=0ms&profile=db").status, 418U);
  const HttpAnswer unknown = client.get("/hold?profile=bd");
  EXPECT_EQ(unknown.status, 400U);
  EXPECT_THAT(unknown.body, HasSubstr("there are: db"));
}

TEST_F(SessionTest, TellsTheSettingsOfAProfile) {
  settings_.named["db"].seed = 7;
  start();
  HttpConnection client = connect();
  const HttpAnswer standard = client.get("/profile");
  EXPECT_EQ(standard.status, 200U);
  EXPECT_THAT(standard.text, HasSubstr("Content-Type: application/json"));
  EXPECT_EQ(nlohmann::json::parse(standard.body)["seed"], 1);
  EXPECT_EQ(nlohmann::json::parse(client.get("/profile?profile=db").body)["seed"], 7);
  EXPECT_EQ(client.get("/profile?profile=bd").status, 400U);
  EXPECT_EQ(client.get("/profile?name=db").status, 400U);
}

TEST_F(SessionTest, ChangesAProfileForTheHoldsThatArriveAfterwards) {
  settings_.named["db"] = {};
  start();
  const HttpAnswer changed = put("/profile?profile=db", R"({"faults": {"error": 1, "error_status": 418}})");
  EXPECT_EQ(changed.status, 200U);
  EXPECT_EQ(nlohmann::json::parse(changed.body)["faults"]["error"], 1);
  EXPECT_EQ(connect().get("/hold?delay=0ms&profile=db").status, 418U);
  EXPECT_EQ(connect().get("/hold?delay=0ms").status, 200U);
  HttpConnection client = connect();
  client.send(put_request("/profile?profile=db", R"({"faults": {"error": 0}})", "PATCH"));
  EXPECT_EQ(client.receive().status, 200U);
  EXPECT_EQ(client.get("/hold?delay=0ms&profile=db").status, 200U);
}

TEST_F(SessionTest, ChangesNothingIfAnythingIsWrong) {
  start();
  const std::string before = connect().get("/profile").body;
  const HttpAnswer refused = put("/profile", R"({"seed": 9, "faults": {"error": 2}})");
  EXPECT_EQ(refused.status, 400U);
  EXPECT_THAT(refused.text, HasSubstr("application/problem+json"));
  EXPECT_THAT(refused.body, HasSubstr("faults.error: must be a number from 0 to 1; found 2"));
  EXPECT_EQ(put("/profile", "").status, 400U);
  EXPECT_EQ(connect().get("/profile").body, before);
}

TEST_F(SessionTest, AsksForABodyThatWaitsForThat) {
  start();
  HttpConnection client = connect();
  const std::string body = R"({"seed": 9})";
  client.send("PUT /profile HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n");
  client.wait_for("HTTP/1.1 100 Continue\r\n\r\n");
  client.send(body);
  EXPECT_EQ(client.receive().status, 200U);
  EXPECT_EQ(nlohmann::json::parse(client.get("/profile").body)["seed"], 9);
}

TEST_F(SessionTest, SaysWhichMethodsAProfileHas) {
  start();
  HttpConnection client = connect();
  client.send("DELETE /profile HTTP/1.1\r\nHost: test\r\n\r\n");
  const HttpAnswer answer = client.receive();
  EXPECT_EQ(answer.status, 405U);
  EXPECT_THAT(answer.text, HasSubstr("Allow: GET, HEAD, PUT, PATCH\r\n"));
}

}  // namespace
}  // namespace waitlab::backend
