#include "server/strategies/strategy_factory.hpp"
#include "tests/contract/strategy_fixture.hpp"
#include "tests/support/patience.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace waitlab::server {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::MatchesRegex;

/// The gated backend holds a transfer with `delay` between its two locks, until the test lets it go on.
class Transfer : public EveryStrategy {
 protected:
  Transfer() { under_test.config.backend.timeout = patience; }

  /// A connection on which that has been asked for.
  HttpConnection ask(const std::string& query, const std::string& id = "one") {
    HttpConnection connection = under_test.connect();
    send(connection, query, id);
    return connection;
  }

  static void send(HttpConnection& connection, const std::string& query, const std::string& id = "one") {
    connection.send("POST /transfer?" + query + " HTTP/1.1\r\nHost: test\r\nX-Request-Id: " + id +
                    "\r\nContent-Length: 0\r\n\r\n");
  }

  HttpAnswer answer_to(const std::string& query) { return ask(query).receive(); }

  /// One that holds its first lock, and stays there.
  HttpConnection hold(const std::string& query, const std::string& id) {
    const std::size_t before = under_test.backend.arrivals().size();
    HttpConnection connection = ask(query + "&delay=1ms", id);
    under_test.backend.wait_for_arrivals(before + 1);
    return connection;
  }

  json accounts() { return json::parse(under_test.connect().get("/accounts").body); }
  json status() const { return json::parse(under_test.status())["accounts"]; }

  /// Until who holds and waits for what is as wanted.
  void await_held(const std::string& wanted) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (json held = accounts()["held"]; held != json::parse(wanted); held = accounts()["held"])
      ASSERT_LT(std::chrono::steady_clock::now(), end) << held;
  }

  std::string metric(const std::string& name, const std::string& label = "") const {
    return "\nwaitlab_" + name + "{strategy=\"" + GetParam() + "\"" + label + "} ";
  }
  std::string metrics() const { return under_test.connect_to_admin().get("/metrics").body; }
};

INSTANTIATE_TEST_SUITE_P(Contract, Transfer, every_strategy(), strategy_test_name);

std::string detail(const HttpAnswer& answer) {
  return json::parse(answer.body)["detail"];
}

TEST_P(Transfer, MovesMoney) {
  under_test.start();
  const HttpAnswer answer = answer_to("from=a&to=b&amount=30");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body, "moved 30 from a to b\n");
  EXPECT_EQ(answer_to("from=j&to=a&locking=ordered").status, 200U);
  EXPECT_EQ(accounts(), json::parse(R"({"accounts": {"a": 971, "b": 1030, "c": 1000, "d": 1000, "e": 1000, "f": 1000,
                                                     "g": 1000, "h": 1000, "i": 1000, "j": 999},
                                        "total": 10000, "held": []})"));
  EXPECT_EQ(status()["transfers"]["done"], 2);
}

TEST_P(Transfer, TellsTheCycleToItsYoungest) {
  under_test.start();
  HttpConnection older = hold("from=a&to=b", "older");
  HttpConnection younger = hold("from=b&to=a", "younger");
  under_test.backend.open();
  const HttpAnswer victims = younger.receive();
  EXPECT_EQ(victims.status, 503U);
  EXPECT_EQ(detail(victims), "deadlock: a→b→a; this transfer, the youngest in it, gave way");
  EXPECT_EQ(older.receive().status, 200U);
  const json after = accounts();
  EXPECT_EQ(after["accounts"]["a"], 999);
  EXPECT_EQ(after["accounts"]["b"], 1001);
  EXPECT_EQ(after["total"], 10000);
  EXPECT_EQ(after["held"], json::array());
}

TEST_P(Transfer, BreaksACycleOfThreeByOneVictim) {
  under_test.start();
  HttpConnection oldest = hold("from=a&to=c", "oldest");
  HttpConnection middle = hold("from=c&to=b", "middle");
  HttpConnection youngest = hold("from=b&to=a", "youngest");
  under_test.backend.open();
  const HttpAnswer victims = youngest.receive();
  EXPECT_EQ(victims.status, 503U);
  EXPECT_THAT(detail(victims), HasSubstr("a→c→b→a"));
  EXPECT_EQ(oldest.receive().status, 200U);
  EXPECT_EQ(middle.receive().status, 200U);
  EXPECT_EQ(accounts()["total"], 10000);
}

TEST_P(Transfer, ShowsDeadlocksInStatusMetricsAndEvents) {
  under_test.start();
  EXPECT_EQ(status()["deadlocks_total"], 0);
  EXPECT_TRUE(status()["last_deadlock"].is_null());
  HttpConnection older = hold("from=a&to=b", "older");
  HttpConnection younger = hold("from=b&to=a", "younger");
  under_test.backend.open();
  EXPECT_EQ(younger.receive().status, 503U);
  EXPECT_EQ(older.receive().status, 200U);
  const json accounts = status();
  EXPECT_EQ(accounts["deadlocks_total"], 1);
  EXPECT_EQ(accounts["transfers"]["deadlock"], 1);
  EXPECT_EQ(accounts["last_deadlock"]["cycle"], "a→b→a");
  EXPECT_EQ(accounts["last_deadlock"]["victim"], "younger");
  EXPECT_GE(accounts["last_deadlock"]["ago_seconds"], 0.0);
  EXPECT_THAT(metrics(), HasSubstr(metric("transfers_total", ",outcome=\"deadlock\"") + "1\n"));
  EXPECT_THAT(metrics(), HasSubstr(metric("transfers_total", ",outcome=\"done\"") + "1\n"));
  HttpConnection viewer = under_test.connect_to_admin();
  viewer.send(get_request("/events"));
  viewer.read_until("\r\n\r\ndata: ");
  const json frame = json::parse(viewer.read_until("\n\n"));
  EXPECT_EQ(frame["accounts"]["deadlocks_total"], 1);
  EXPECT_EQ(frame["accounts"]["last_deadlock"]["cycle"], "a→b→a");
}

TEST_P(Transfer, NeverDeadlocksInOrder) {
  under_test.start();
  HttpConnection one = hold("from=a&to=b&locking=ordered", "one");
  HttpConnection other = ask("from=b&to=a&locking=ordered&delay=1ms", "other");
  await_held(R"([{"account": "a", "holder": "one", "waiting": ["other"], "waiting_total": 1}])");
  under_test.backend.open();
  EXPECT_EQ(one.receive().status, 200U);
  EXPECT_EQ(other.receive().status, 200U);
  EXPECT_EQ(status()["deadlocks_total"], 0);
  EXPECT_EQ(accounts()["accounts"]["a"], 1000);
}

TEST_P(Transfer, TriesAgainInsteadOfWaitingWithALockInHand) {
  under_test.start();
  HttpConnection one = hold("from=a&to=b&locking=try", "one");
  HttpConnection other = hold("from=b&to=a&locking=try", "other");
  under_test.backend.release(1);  // its second lock is held, so it begins again
  under_test.backend.wait_for_arrivals(3);
  EXPECT_THAT(metrics(), HasSubstr(metric("transfer_retries_total") + "1\n"));
  under_test.backend.open();
  const HttpAnswer answer = one.receive();
  EXPECT_EQ(answer.status, 200U);
  EXPECT_THAT(answer.body, MatchesRegex("moved 1 from a to b after [1-9][0-9]* retries\n"));
  EXPECT_THAT(other.receive().body, MatchesRegex("moved 1 from b to a after [0-9]+ retries\n"));
  EXPECT_EQ(status()["deadlocks_total"], 0);
  EXPECT_GE(status()["retries_total"], 1);
  EXPECT_EQ(accounts()["total"], 10000);
}

TEST_P(Transfer, ShowsAThreadAsLockedExactlyIfItsRequestKeepsOne) {
  under_test.start();
  HttpConnection holder = hold("from=a&to=b", "holder");
  HttpConnection waiting = ask("from=a&to=c", "waiting");
  HttpConnection viewer = under_test.connect_to_admin();
  viewer.send(get_request("/events"));
  viewer.read_until("\r\n\r\n");
  const auto end = std::chrono::steady_clock::now() + patience;
  for (bool seen = false; !seen;) {
    const std::string event = viewer.read_until("\n\n");
    const json frame = json::parse(event.substr(std::string("data: ").size()));
    const auto threads = frame["threads"].get<std::string>();
    seen = frame["requests"]["waiting"] == 2 &&
           std::ranges::count(threads, 'l') == (frame["facts"]["holds_worker"].get<bool>() ? 1 : 0);
    ASSERT_LT(std::chrono::steady_clock::now(), end) << event;
  }
  under_test.backend.open();
  EXPECT_EQ(holder.receive().status, 200U);
  EXPECT_EQ(waiting.receive().status, 200U);
}

TEST_P(Transfer, WaitsNoLongerThanItsClient) {
  under_test.start();
  HttpConnection holder = hold("from=a&to=b", "holder");
  HttpConnection impatient = ask("from=a&to=b", "impatient");
  await_held(R"([{"account": "a", "holder": "holder", "waiting": ["impatient"], "waiting_total": 1}])");
  impatient.reset();
  await_held(R"([{"account": "a", "holder": "holder", "waiting": [], "waiting_total": 0}])");
  under_test.await_status("\"abandoned\": 1,\n      \"backend_failed\"");
  under_test.await_status("\"client_reset\": 1");
  under_test.backend.open();
  EXPECT_EQ(holder.receive().status, 200U);
}

TEST_P(Transfer, WaitsNoLongerThanItMayAndForALockOfTheStrategyBefore) {
  under_test.start();
  HttpConnection holder = hold("from=a&to=b", "holder");
  under_test.config.timeouts.request = std::chrono::milliseconds(50);
  under_test.switch_to(GetParam());
  const HttpAnswer answer = answer_to("from=a&to=b");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(detail(answer), "the lock of a was not free within timeouts.request");
  const HttpAnswer tried = answer_to("from=c&to=a&locking=try");
  EXPECT_EQ(tried.status, 503U);
  EXPECT_THAT(detail(tried), MatchesRegex("the lock of a was not free within timeouts.request; tried [0-9]+ times"));
  EXPECT_EQ(status()["transfers"]["timed_out"], 2);
  under_test.backend.open();
  EXPECT_EQ(holder.receive().status, 200U);
}

TEST_P(Transfer, OutlivesASwitch) {
  under_test.start();
  int moved = 0;
  for (const std::string& next : strategy_names()) {
    EXPECT_EQ(answer_to("from=a&to=b").status, 200U);
    under_test.switch_to(next);
    EXPECT_EQ(accounts()["accounts"]["b"], 1000 + ++moved) << next;
  }
}

TEST_P(Transfer, GivesItsLocksBackWhenTheBackendFails) {
  under_test.start();
  under_test.backend.fail(1);
  under_test.backend.open();
  EXPECT_EQ(answer_to("from=a&to=b&delay=1ms").status, 502U);
  EXPECT_EQ(status()["transfers"]["backend_failed"], 1);
  EXPECT_EQ(accounts()["held"], json::array());
  EXPECT_EQ(accounts()["accounts"]["a"], 1000);
}

TEST_P(Transfer, TakesNoMoreThanThereIs) {
  under_test.start();
  EXPECT_EQ(answer_to("from=a&to=b&amount=997").status, 200U);
  const HttpAnswer answer = answer_to("from=a&to=b&amount=4");
  EXPECT_EQ(answer.status, 409U);
  EXPECT_EQ(detail(answer), "a has only 3");
  EXPECT_EQ(status()["transfers"]["overdrawn"], 1);
  EXPECT_EQ(accounts()["total"], 10000);
}

TEST_P(Transfer, KeepsTheTotalWhateverDeadlocks) {
  under_test.start();
  std::vector<std::jthread> clients;
  for (int number = 0; number < 4; ++number) {
    clients.emplace_back([this, number] {
      HttpConnection connection = under_test.connect();
      for (int time = 0; time < 30; ++time) {
        const char* const names = number % 2 == 0 ? "abc" : "cba";
        send(connection, std::string("from=") + names[time % 3] + "&to=" + names[(time + 1) % 3]);
        const unsigned status = connection.receive().status;
        EXPECT_TRUE(status == 200 || status == 503) << status;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(accounts()["total"], 10000);
  EXPECT_EQ(accounts()["held"], json::array());
  const json transfers = status()["transfers"];
  EXPECT_EQ(transfers["done"].get<int>() + transfers["deadlock"].get<int>(), 120);
}

TEST_P(Transfer, RefusesWhatItCannotDoAndSaysWhatItCan) {
  under_test.start();
  const std::pair<const char*, const char*> cases[] = {
      {"to=b", "parameter 'from': is missing; it is one of: a, b, c, d, e, f, g, h, i, j"},
      {"from=a", "parameter 'to': is missing; it is one of: a, b, c, d, e, f, g, h, i, j"},
      {"from=k&to=b", "parameter 'from': 'k' is none of: a, b, c, d, e, f, g, h, i, j"},
      {"from=a&to=A", "parameter 'to': 'A' is none of: a, b, c, d, e, f, g, h, i, j"},
      {"from=a&to=a", "parameter 'to': 'a' is 'from' as well; it is another one of: a, b, c, d, e, f, g, h, i, j"},
      {"from=a&to=b&locking=luck", "parameter 'locking': 'luck' is none of: unordered, ordered, try"},
      {"from=a&to=b&amount=0", "parameter 'amount': '0' is not a whole number from 1 to 1000"},
      {"from=a&to=b&amount=1001", "parameter 'amount': '1001' is not a whole number from 1 to 1000"},
      {"from=a&to=b&delay=5", "parameter 'delay': "},
      {"from=a&to=b&when=now", "unknown parameter 'when'"}};
  for (const auto& [query, wanted] : cases) {
    const HttpAnswer answer = answer_to(query);
    EXPECT_EQ(answer.status, 400U) << query;
    EXPECT_THAT(detail(answer), HasSubstr(wanted));
  }
  EXPECT_EQ(accounts()["total"], 10000);
}

}  // namespace
}  // namespace waitlab::server
