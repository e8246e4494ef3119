#include "common/csv/csv_line.hpp"
#include "server/strategies/strategy_factory.hpp"
#include "tests/contract/strategy_fixture.hpp"
#include "tests/support/temporary_file.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

namespace waitlab::server {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAreArray;

using Row = std::map<std::string, std::string>;

class RequestLogOf : public EveryStrategy {
 protected:
  RequestLogOf() { under_test.config.telemetry.request_log = file_.path(); }

  /// What is in the log once the server has drained, in the order in which the requests began. Threads hand their rows
  /// over after their answers, in any order.
  std::vector<Row> drained_rows() {
    under_test.backend.open();
    EXPECT_TRUE(under_test.server().drain());
    std::istringstream text(file_.text());
    std::string line;
    std::getline(text, line);
    std::vector<std::string> names;
    split_csv_line(line, names);
    std::vector<Row> rows;
    for (std::vector<std::string> values; std::getline(text, line);) {
      split_csv_line(line, values);
      EXPECT_EQ(values.size(), names.size());
      Row& row = rows.emplace_back();
      for (std::size_t column = 0; column < names.size(); ++column)
        row[names[column]] = values[column];
    }
    const auto started = [](const Row& row) { return std::stoll(row.at("started_ns")); };
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return started(a) < started(b); });
    return rows;
  }

  static std::vector<std::string> column(const std::vector<Row>& rows, const std::string& name) {
    std::vector<std::string> values;
    for (const Row& row : rows)
      values.push_back(row.at(name));
    return values;
  }

  TemporaryFile file_{".csv"};
};

INSTANTIATE_TEST_SUITE_P(Contract, RequestLogOf, every_strategy(), strategy_test_name);

TEST_P(RequestLogOf, HasARowForEachRequestThatTheBackendSawUnderTheSameId) {
  under_test.start();
  under_test.backend.open();
  HttpConnection connection = under_test.connect();
  for (int request = 0; request < 5; ++request)
    connection.get("/wait", "X-Request-Id: 7-00000000000" + std::to_string(request) + "\r\n");
  const std::vector<Row> rows = drained_rows();
  EXPECT_THAT(column(rows, "request_id"), UnorderedElementsAreArray(under_test.backend.arrivals()));
  for (const Row& row : rows) {
    EXPECT_EQ(row.at("route"), "/wait");
    EXPECT_EQ(row.at("status"), "200");
    EXPECT_EQ(row.at("strategy"), GetParam());
    EXPECT_EQ(row.at("workers"), std::to_string(facts_of(GetParam(), under_test.server().config().strategies).workers));
    EXPECT_GT(std::stoll(row.at("backend_ns")), 0);
    EXPECT_EQ(std::stoll(row.at("started_ns")) - std::stoll(row.at("enqueued_ns")), std::stoll(row.at("queued_ns")));
    EXPECT_GE(std::stoll(row.at("ended_ns")) - std::stoll(row.at("started_ns")), std::stoll(row.at("backend_ns")));
  }
}

TEST_P(RequestLogOf, HasTheErrorsTooAndNothingOfTheAdminListener) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  connection.get("/nowhere", "X-Request-Id: a\r\n");
  connection.get("/cpu?work=never", "X-Request-Id: b\r\n");
  under_test.status();
  const std::vector<Row> rows = drained_rows();
  EXPECT_THAT(column(rows, "request_id"), ElementsAre("a", "b"));
  EXPECT_THAT(column(rows, "status"), ElementsAre("404", "400"));
  EXPECT_THAT(column(rows, "route"), ElementsAre("/nowhere", "/cpu"));
}

TEST_P(RequestLogOf, GoesOnWhenTheStrategyIsSwapped) {
  under_test.start();
  HttpConnection connection = under_test.connect();
  std::vector<std::string> strategies{GetParam()};
  connection.get("/plain");
  for (const std::string& next : strategy_names()) {
    under_test.switch_to(next);
    EXPECT_EQ(under_test.connect().get("/plain").status, 200U);
    strategies.push_back(next);
  }
  EXPECT_EQ(column(drained_rows(), "strategy"), strategies);
}

TEST_P(RequestLogOf, CannotChangeWithoutARestart) {
  under_test.start();
  ServerConfig wanted = under_test.config;
  wanted.telemetry.request_log.clear();
  const auto reloaded = under_test.server().reload(wanted);
  ASSERT_FALSE(reloaded);
  EXPECT_THAT(reloaded.error().message, testing::HasSubstr("telemetry.request_log"));
}

TEST(RequestLogOfAFullPool, HasARowForARequestTurnedAway) {
  const TemporaryFile file(".csv");
  ServerUnderTest under_test("fixed-pool");
  under_test.config.telemetry.request_log = file.path();
  under_test.config.strategies.fixed_pool = {.threads = 1, .queue_capacity = 0};
  under_test.start();
  HttpConnection served = under_test.connect();
  served.send(get_request("/wait"));
  under_test.backend.wait_for_arrivals(1);
  EXPECT_EQ(under_test.connect().get("/wait", "X-Request-Id: away\r\n").status, 503U);
  under_test.backend.open();
  EXPECT_EQ(served.receive().status, 200U);
  EXPECT_TRUE(under_test.server().drain());
  EXPECT_THAT(file.text(),
              testing::ContainsRegex("away,/wait,[0-9]+,,[0-9]+,[0-9]+,0,503,fixed-pool,thread,1,true,1,0,\n"));
}

}  // namespace
}  // namespace waitlab::server
