#include "server/strategies/strategy_factory.hpp"
#include "tests/contract/strategy_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace waitlab::server {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// Holds the events of a trace against the format, and against what must be so of threads and requests.
class CheckedTrace {
 public:
  explicit CheckedTrace(const std::string& text) : file_(json::parse(text)) {
    for (const json& event : file_.at("traceEvents"))
      check(event);
    for (const auto& [request, open] : open_)
      EXPECT_TRUE(open.empty()) << "never ended: " << request;
  }

  const json& other() const { return file_.at("otherData"); }
  const std::set<std::string>& processes() const { return processes_; }
  std::size_t named_threads() const { return named_threads_; }
  /// How many spans there are of that name; all of a thread, or all of a request.
  std::size_t of_threads(const std::string& name) const { return count(thread_spans_, name); }
  std::size_t of_requests(const std::string& name) const { return count(request_spans_, name); }

 private:
  static std::size_t count(const std::multiset<std::string>& spans, const std::string& name) {
    return spans.count(name);
  }

  void check(const json& event) {
    const auto phase = event.at("ph").get<std::string>();
    if (phase == "M") {
      if (event.at("name") == "process_name") processes_.insert(event.at("args").at("name").get<std::string>());
      if (event.at("name") == "thread_name") ++named_threads_;
    } else if (phase == "X") {
      check_thread_span(event);
    } else {
      check_request_event(event, phase);
    }
  }

  /// They come in the order of their times, and do not overlap. Times have three decimals: a nanosecond is exact.
  void check_thread_span(const json& event) {
    const double begin = event.at("ts");
    const double length = event.at("dur");
    double& free_since = busy_until_[{event.at("pid"), event.at("tid")}];
    EXPECT_GE(begin, free_since - 0.0005) << event;
    EXPECT_GE(length, 0) << event;
    EXPECT_LE(begin + length, seconds_us() + 1000) << event;
    free_since = begin + length;
    thread_spans_.insert(event.at("name").get<std::string>());
  }

  /// What begins last ends first, and times do not go back.
  void check_request_event(const json& event, const std::string& phase) {
    const std::string request = event.at("pid").dump() + "/" + event.at("id2").at("local").get<std::string>();
    const auto name = event.at("name").get<std::string>();
    std::vector<std::string>& open = open_[request];
    const double time = event.at("ts");
    EXPECT_GE(time, last_time_[request]) << event;
    last_time_[request] = time;
    if (phase == "b") {
      EXPECT_EQ(open.empty(), name == "request") << event;
      open.push_back(name);
    } else {
      ASSERT_EQ(phase, "e");
      ASSERT_FALSE(open.empty()) << event;
      EXPECT_EQ(open.back(), name) << event;
      open.pop_back();
      request_spans_.insert(name);
    }
  }

  double seconds_us() const { return other().at("seconds").get<double>() * 1e6; }

  json file_;
  std::set<std::string> processes_;
  std::size_t named_threads_ = 0;
  std::multiset<std::string> thread_spans_;
  std::multiset<std::string> request_spans_;
  std::map<std::pair<int, int>, double> busy_until_;
  std::map<std::string, std::vector<std::string>> open_;
  std::map<std::string, double> last_time_;
};

class TraceOf : public EveryStrategy {
 protected:
  HttpAnswer trace() const { return under_test.connect_to_admin().get("/trace?seconds=0.1"); }

  bool holds_threads() const { return facts_of(GetParam(), under_test.config.strategies).holds_worker; }
};

INSTANTIATE_TEST_SUITE_P(Contract, TraceOf, every_strategy(), strategy_test_name);

TEST_P(TraceOf, HasWhatWaitsAllTheTime) {
  under_test.start();
  std::vector<HttpConnection> connections;
  for (std::size_t index = 1; index <= 3; ++index) {
    connections.push_back(under_test.connect());
    connections.back().send(get_request("/wait"));
    under_test.backend.wait_for_arrivals(index);
  }
  under_test.await_status("\"waiting\": 3");
  const CheckedTrace seen(trace().body);
  EXPECT_EQ(seen.processes(), std::set<std::string>{GetParam()});
  EXPECT_EQ(seen.of_requests("waiting"), 3U);
  EXPECT_EQ(seen.of_requests("request"), 3U);
  EXPECT_EQ(seen.of_threads("waiting"), holds_threads() ? 3U : 0U);
  EXPECT_FALSE(seen.other().at("full"));
  EXPECT_EQ(seen.other().at("spans_dropped"), 0);
  EXPECT_GE(seen.other().at("seconds"), 0.1);
  under_test.backend.open();
  for (HttpConnection& connection : connections)
    EXPECT_EQ(connection.receive().status, 200U);
}

TEST_P(TraceOf, IsSoundWhileRequestsComeAndGo) {
  under_test.start();
  under_test.backend.open();
  std::atomic<bool> ended{false};
  std::vector<std::jthread> clients;
  for (int client = 0; client < 3; ++client) {
    clients.emplace_back([this, &ended] {
      HttpConnection connection = under_test.connect();
      while (!ended)
        ASSERT_EQ(connection.get("/fanout?calls=3").status, 200U);
    });
  }
  const HttpAnswer answer = trace();
  ended = true;
  clients.clear();
  EXPECT_EQ(answer.status, 200U);
  EXPECT_THAT(answer.text, HasSubstr("\r\nContent-Type: application/json\r\n"));
  const CheckedTrace seen(answer.body);
  EXPECT_GT(seen.of_threads("running"), 0U);
  EXPECT_GT(seen.of_requests("running"), 0U);
  EXPECT_GT(seen.named_threads(), 0U);
}

TEST_P(TraceOf, ShowsBothStrategiesOfASwitch) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  connection.send(get_request("/wait"));
  under_test.backend.wait_for_arrivals(1);
  under_test.switch_to(GetParam() == "event-loop" ? "fixed-pool" : "event-loop");
  HttpConnection second = under_test.connect();
  second.send(get_request("/wait"));
  under_test.backend.wait_for_arrivals(2);
  const CheckedTrace seen(trace().body);
  EXPECT_EQ(seen.processes().size(), 2U);
  EXPECT_EQ(seen.of_requests("waiting"), 2U);
  under_test.backend.open();
  EXPECT_EQ(connection.receive().status, 200U);
  EXPECT_EQ(second.receive().status, 200U);
}

TEST_P(TraceOf, KeepsNobodyFromTheAdminListenerButAnotherTrace) {
  under_test.start();
  HttpConnection recorded = under_test.connect_to_admin();
  HttpConnection other = under_test.connect_to_admin();
  recorded.send(get_request("/trace?seconds=10"));
  HttpAnswer second = other.get("/trace?seconds=0.1");
  while (second.status == 200U) {  // it came first
    EXPECT_EQ(recorded.receive().status, 409U);
    recorded.send(get_request("/trace?seconds=10"));
    second = other.get("/trace?seconds=0.1");
  }
  EXPECT_EQ(second.status, 409U);
  EXPECT_THAT(second.body, HasSubstr("being recorded already"));
  EXPECT_EQ(other.get("/status").status, 200U);
  under_test.stop();  // which ends the first one early
  const CheckedTrace cut(recorded.receive().body);
  EXPECT_LT(cut.other().at("seconds"), 10.0);
}

TEST_P(TraceOf, EndsEarlyAndAsAWholeWhenThereIsNoRoomForMore) {
  under_test.start();
  std::atomic<bool> ended{false};
  std::jthread client([this, &ended] {
    HttpConnection connection = under_test.connect();
    while (!ended)
      ASSERT_EQ(connection.get("/plain").status, 200U);
  });
  const HttpAnswer answer = under_test.connect_to_admin().get("/trace?seconds=10&spans=40");
  ended = true;
  client.join();
  const CheckedTrace seen(answer.body);
  EXPECT_TRUE(seen.other().at("full"));
  EXPECT_LT(seen.other().at("seconds"), 10.0);
  EXPECT_GE(seen.other().at("spans"), 40);
  EXPECT_LE(seen.other().at("spans"), 80);
}

TEST_P(TraceOf, RefusesWhatIsOutOfRangeByName) {
  under_test.start();
  for (const std::string seconds : {"0.05", "11", "x", "nan", ""}) {
    const HttpAnswer answer = under_test.connect_to_admin().get("/trace?seconds=" + seconds);
    EXPECT_EQ(answer.status, 400U);
    EXPECT_THAT(answer.body, HasSubstr("parameter 'seconds': '" + seconds + "' is not a number from 0.1 to 10"));
  }
  const HttpAnswer answer = under_test.connect_to_admin().get("/trace?spans=9");
  EXPECT_EQ(answer.status, 400U);
  EXPECT_THAT(answer.body, HasSubstr("parameter 'spans': '9' is not a whole number from 10 to 200000"));
}

}  // namespace
}  // namespace waitlab::server
