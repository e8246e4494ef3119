#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <regex>
#include <set>
#include <vector>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Fanout : public EveryStrategy {};

INSTANTIATE_TEST_SUITE_P(Contract, Fanout, every_strategy(), strategy_test_name);

/// A duration of the Server-Timing field.
double timing_ms(const HttpAnswer& answer, const std::string& name) {
  std::smatch found;
  return std::regex_search(answer.text, found, std::regex(name + ";dur=([0-9.]+)")) ? std::stod(found[1]) : -1;
}

TEST_P(Fanout, HasAllParallelCallsAtTheBackendAtOnce) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/fanout?calls=5&mode=parallel"));
  under_test.backend.wait_for_arrivals(5);
  EXPECT_THAT(under_test.status(), HasSubstr("\"waiting\": 1"));
  under_test.backend.open();
  const HttpAnswer answer = connection.receive();
  EXPECT_EQ(answer.body, "5 calls answered\n");
  EXPECT_THAT(under_test.status(), HasSubstr("\"ok\": 5"));
  EXPECT_EQ(under_test.backend.connections(), 5U);
}

TEST_P(Fanout, NeverHasMoreThanOneSequentialCallAtTheBackend) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/fanout?calls=5&mode=sequential"));
  for (std::size_t call = 1; call <= 5; ++call) {
    under_test.backend.wait_for_arrivals(call);
    EXPECT_EQ(under_test.backend.arrivals().size(), call);
    under_test.backend.release(1);
  }
  EXPECT_EQ(connection.receive().body, "5 calls answered\n");
  EXPECT_EQ(under_test.backend.connections(), 1U);
  EXPECT_THAT(under_test.status(), HasSubstr("\"ok\": 5"));
}

TEST_P(Fanout, MakesFiveParallelCallsUnlessAskedOtherwise) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/fanout"));
  under_test.backend.wait_for_arrivals(5);
  under_test.backend.open();
  EXPECT_EQ(connection.receive().body, "5 calls answered\n");
}

TEST_P(Fanout, ServesOthersMeanwhile) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/fanout?calls=3"));
  under_test.backend.wait_for_arrivals(3);
  EXPECT_EQ(under_test.connect().get("/plain").status, 200U);
  under_test.backend.open();
  EXPECT_EQ(connection.receive().status, 200U);
}

TEST_P(Fanout, CallsUnderTheRequestsIdWithARouteForEach) {
  under_test.start();
  under_test.backend.open();
  HttpConnection connection = under_test.connect();
  for (const std::string mode : {"parallel", "sequential"})
    EXPECT_EQ(connection.get("/fanout?calls=3&mode=" + mode, "X-Request-Id: a-1\r\n").status, 200U);
  EXPECT_THAT(under_test.backend.arrivals(), testing::Each("a-1"));
  const std::vector<std::string> targets = under_test.backend.targets();
  EXPECT_EQ(std::multiset<std::string>(targets.begin(), targets.end()),
            (std::multiset<std::string>{"/hold?route=/fanout/1", "/hold?route=/fanout/1", "/hold?route=/fanout/2",
                                        "/hold?route=/fanout/2", "/hold?route=/fanout/3", "/hold?route=/fanout/3"}));
}

TEST_P(Fanout, ReplacesEveryPooledConnectionThatTheBackendClosed) {
  under_test.start();
  under_test.backend.open();
  under_test.backend.close_after_answering();
  HttpConnection connection = under_test.connect();
  for (int request = 0; request < 3; ++request)
    EXPECT_EQ(connection.get("/fanout?calls=8").body, "8 calls answered\n");
}

TEST_P(Fanout, TellsHowManyParallelCallsFailed) {
  under_test.start();
  under_test.backend.fail(2);
  under_test.backend.fail(5);
  under_test.backend.open();
  const HttpAnswer answer = under_test.connect().get("/fanout?calls=5");
  EXPECT_EQ(answer.status, 502U);
  EXPECT_THAT(answer.body, HasSubstr("2 of 5 calls failed; call "));
  EXPECT_THAT(answer.body, HasSubstr("the backend answered 500"));
  EXPECT_THAT(under_test.status(), HasSubstr("\"failed\": 2"));
}

TEST_P(Fanout, StopsAtTheFirstSequentialCallThatFails) {
  under_test.start();
  under_test.backend.fail(3);
  under_test.backend.open();
  const HttpAnswer answer = under_test.connect().get("/fanout?calls=5&mode=sequential");
  EXPECT_EQ(answer.status, 502U);
  EXPECT_THAT(answer.body, HasSubstr("call 3 of 5: the backend answered 500"));
  EXPECT_EQ(under_test.backend.arrivals().size(), 3U);
}

TEST_P(Fanout, IsLateOnceItsCallsAre) {
  under_test.config.backend.timeout = 20ms;
  under_test.start();
  EXPECT_EQ(under_test.connect().get("/fanout?calls=3&mode=parallel").status, 504U);
  EXPECT_THAT(under_test.status(), HasSubstr("\"timed_out\": 3"));
  EXPECT_THAT(under_test.connect().get("/fanout?calls=3&mode=sequential").body, HasSubstr("call 1 of 3: "));
}

TEST_P(Fanout, ToABackendThatRefusesIs502) {
  under_test.config.backend.address = "127.0.0.1:1";
  under_test.start();
  const HttpAnswer answer = under_test.connect().get("/fanout?calls=4");
  EXPECT_EQ(answer.status, 502U);
  EXPECT_THAT(answer.body, HasSubstr("4 of 4 calls failed; call 1: no backend at "));
}

TEST_P(Fanout, RefusesParametersOutOfRangeByName) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  for (const std::string calls : {"0", "65", "-1", "5.5", "", "five", "99999999999"}) {
    const HttpAnswer answer = connection.get("/fanout?calls=" + calls);
    EXPECT_EQ(answer.status, 400U) << calls;
    EXPECT_THAT(answer.body, HasSubstr("parameter 'calls': '" + calls + "' is not a whole number from 1 to 64"));
  }
  EXPECT_THAT(connection.get("/fanout?mode=both").body, HasSubstr("'mode': 'both' is none of: parallel, sequential"));
  EXPECT_THAT(connection.get("/fanout?delay=2h").body, HasSubstr("'delay'"));
  EXPECT_TRUE(under_test.backend.arrivals().empty());
}

TEST_P(Fanout, NeedsNoNetworkInTimerMode) {
  under_test.config.backend.mode = "timer";
  under_test.start();
  HttpConnection connection = under_test.connect();
  for (const std::string mode : {"parallel", "sequential"})
    EXPECT_EQ(connection.get("/fanout?calls=3&delay=1ms&mode=" + mode).body, "3 calls answered\n");
  EXPECT_TRUE(under_test.backend.arrivals().empty());
}

TEST_P(Fanout, DrawsADelayForEachCallTheSameUnderEveryStrategy) {
  DelayProfile profile;
  profile.delay = {.distribution = "uniform", .min = 1ms, .max = 30ms};
  under_test.config.backend.mode = "timer";
  under_test.config.backend.profiles.standard = profile;
  under_test.start();
  HttpConnection connection = under_test.connect();
  const std::string id = "X-Request-Id: 7-1\r\n";
  std::chrono::duration<double, std::milli> longest{0};
  std::chrono::duration<double, std::milli> sum{0};
  for (const char* route : {"/fanout/1", "/fanout/2", "/fanout/3", "/fanout/4"}) {
    const std::chrono::duration<double, std::milli> delay = draw_delay(profile, route, "7-1");
    longest = std::max(longest, delay);
    sum += delay;
  }
  EXPECT_GE(timing_ms(connection.get("/fanout?calls=4&mode=parallel", id), "backend"), longest.count() - 0.001);
  EXPECT_GE(timing_ms(connection.get("/fanout?calls=4&mode=sequential", id), "backend"), sum.count() - 0.004);
}

}  // namespace
}  // namespace waitlab::server
