#include "client/engine/load_run.hpp"

#include "client/engine/feed.hpp"
#include "client/engine/load_loop.hpp"
#include "tests/support/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Then = ScriptedAnswer::Then;

LoadOptions closed_loop(const ScriptedServer& server, std::uint64_t requests, unsigned connections = 1) {
  LoadOptions options;
  options.url = server.url("/path?query");
  options.requests = requests;
  options.connections = connections;
  options.timeout = 30s;
  return options;
}

LoadOptions open_loop(const ScriptedServer& server, double rate, std::uint64_t requests) {
  LoadOptions options = closed_loop(server, requests);
  options.rate = rate;
  return options;
}

std::set<std::string> request_ids(const ScriptedServer& server) {
  constexpr std::string_view name = "X-Request-Id: ";
  std::set<std::string> ids;
  for (const SeenRequest& request : server.requests()) {
    const auto begin = request.text.find(name) + name.size();
    ids.insert(request.text.substr(begin, request.text.find("\r\n", begin) - begin));
  }
  return ids;
}

void expect_account_holds(const LoadRecord& record) {
  const RequestCounts& requests = record.requests;
  EXPECT_EQ(requests.sent, requests.ended());
}

/// Runs requests against a server that gives each the same answer, and returns what was recorded.
LoadRecord record_of(const ScriptedAnswer& answer, const std::string& method = "GET") {
  const ScriptedServer server([&answer](const SeenRequest&) { return answer; });
  LoadOptions options = closed_loop(server, 4, 2);
  options.method = method;
  const LoadRecord record = run_load(options).value().record;
  expect_account_holds(record);
  EXPECT_EQ(record.requests.sent, 4u);
  return record;
}

TEST(ClosedLoop, SendsTheRequestedNumberOverKeptConnections) {
  const ScriptedServer server(always_ok);
  const LoadResult result = run_load(closed_loop(server, 50, 4)).value();
  EXPECT_TRUE(result.valid());
  EXPECT_EQ(result.record.requests.completed, 50u);
  EXPECT_EQ(result.record.statuses.at(200), 50u);
  EXPECT_EQ(result.record.connections, 4u);
  EXPECT_EQ(result.record.reconnects, 0u);
  EXPECT_EQ(result.record.response_time.values.count(), 50u);
  EXPECT_EQ(request_ids(server).size(), 50u);
  EXPECT_THAT(server.requests().front().text, HasSubstr("GET /path?query HTTP/1.1\r\nHost: 127.0.0.1:"));
}

TEST(ClosedLoop, SplitsRequestsBetweenThreads) {
  const ScriptedServer server(always_ok);
  LoadOptions options = closed_loop(server, 31, 5);
  options.threads = 3;
  EXPECT_EQ(run_load(options)->record.requests.completed, 31u);
  EXPECT_EQ(request_ids(server).size(), 31u);
}

TEST(ClosedLoop, ReachesAnIpv6Address) {
  std::optional<ScriptedServer> server;
  try {
    server.emplace(always_ok, "::1");
  } catch (const std::runtime_error&) {
    GTEST_SKIP() << "no IPv6 on this machine";
  }
  EXPECT_EQ(run_load(closed_loop(*server, 3))->record.requests.completed, 3u);
}

TEST(ClosedLoop, ReachesANameByWhicheverAddressTakesIt) {
  const ScriptedServer server(always_ok);
  LoadOptions options = closed_loop(server, 3);
  options.url = "http://localhost:" + std::to_string(server.port()) + "/";  // which may be ::1 first
  const LoadRecord record = run_load(options).value().record;
  EXPECT_EQ(record.requests.completed, 3u);
  EXPECT_EQ(record.elsewhere, 0u);
}

// A server that takes one connection and no more has one to take the request.
TEST(FirstConnection, IsTheOneThatFoundTheServer) {
  const ScriptedServer server(always_ok);
  LoadOptions options = closed_loop(server, 1);
  std::vector<RequestRow> rows;
  options.on_rows = [&rows](std::span<const RequestRow> some) { rows.insert(rows.end(), some.begin(), some.end()); };
  const LoadRecord record = run_load(options).value().record;
  EXPECT_EQ(record.requests.completed, 1u);
  EXPECT_EQ(record.connections, 1u);
  EXPECT_EQ(server.connections(), 1u);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_GT(rows[0].connect, 0ns) << "its request is charged with the connecting";
  EXPECT_GE(*rows[0].ended - *rows[0].sent, rows[0].connect);
}

TEST(FirstConnection, IsOneOfThoseThatAreCounted) {
  const ScriptedServer server(always_ok);
  for (const bool keep_alive : {true, false}) {
    const std::size_t before = server.connections();
    LoadOptions options = closed_loop(server, 12, 3);
    options.threads = 3;
    options.keep_alive = keep_alive;
    const LoadRecord record = run_load(options).value().record;
    EXPECT_EQ(record.connections, keep_alive ? 3u : 12u);
    EXPECT_EQ(server.connections() - before, record.connections);
  }
}

TEST(KeepAlive, OpensAnotherWhenTheServerClosesBetweenRequests) {
  const ScriptedServer server([](const SeenRequest& request) {
    ScriptedAnswer answer = ok_answer();
    if (request.on_connection == 1) answer.then = Then::close;
    return answer;
  });
  const LoadRecord record = run_load(closed_loop(server, 20)).value().record;
  EXPECT_EQ(record.requests.completed, 20u);
  EXPECT_EQ(record.error_count(), 0u);
  EXPECT_EQ(record.reconnects, 9u);
}

ScriptedAnswer close_on_the_second_request(const SeenRequest& request) {
  return request.on_connection == 0 ? ok_answer() : ScriptedAnswer{"", Then::close};
}

TEST(KeepAlive, RepeatsAnIdempotentRequestThatAClosedConnectionSwallowed) {
  const ScriptedServer server(close_on_the_second_request);
  const LoadRecord record = run_load(closed_loop(server, 10)).value().record;
  EXPECT_EQ(record.requests.completed, 10u);
  EXPECT_EQ(record.reconnects, 9u);
  EXPECT_EQ(record.retried, 9u);
  EXPECT_EQ(record.error_count(), 0u);
}

TEST(KeepAlive, DoesNotRepeatAPost) {
  const ScriptedServer server(close_on_the_second_request);
  LoadOptions options = closed_loop(server, 10);
  options.method = "POST";
  const LoadRecord record = run_load(options).value().record;
  EXPECT_EQ(record.requests.completed, 5u);
  EXPECT_EQ(record.error(ErrorKind::closed_early).count, 5u);
  EXPECT_EQ(request_ids(server).size(), 10u);
}

TEST(KeepAlive, ObeysConnectionClose) {
  const LoadRecord record =
      record_of({"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", Then::keep});
  EXPECT_EQ(record.requests.completed, 4u);
  EXPECT_EQ(record.connections, 4u);
}

TEST(Responses, MayEndWithTheConnection) {
  EXPECT_EQ(record_of({"HTTP/1.1 200 OK\r\n\r\nuntil the end", Then::close}).requests.completed, 4u);
}

TEST(Responses, ToHeadHaveNoBody) {
  const auto record = record_of({"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", Then::keep}, "HEAD");
  EXPECT_EQ(record.requests.completed, 4u);
  EXPECT_EQ(record.connections, 2u);
}

TEST(Errors, TellAResetConnection) {
  EXPECT_EQ(record_of({"", Then::reset}).error(ErrorKind::reset).count, 4u);
}

TEST(Errors, TellAResponseCutShort) {
  const LoadRecord record = record_of({"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", Then::close});
  EXPECT_EQ(record.error(ErrorKind::closed_early).count, 4u);
}

TEST(Errors, TellBytesThatAreNoHttp) {
  EXPECT_EQ(record_of({"nonsense\r\n\r\n", Then::keep}).error(ErrorKind::bad_response).count, 4u);
}

TEST(Errors, CountAnErrorStatusThatCompleted) {
  const LoadRecord record = record_of({"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", Then::keep});
  EXPECT_EQ(record.error(ErrorKind::status_5xx).count, 4u);
  EXPECT_EQ(record.requests.completed, 4u);
}

// Connects at 0, 10, 30, 70 and 150 ms, or fewer on a slow machine.
TEST(Errors, MakeAClosedLoopLeaveADeadServerAloneForAWhile) {
  LoadOptions options;
  unsigned short port = 0;
  {
    const ScriptedServer gone(always_ok);
    options.url = gone.url();
    port = gone.port();
  }
  const auto start = Clock::now();
  const Timeline timeline{start, start, start + 200ms};
  LoopPlan plan{.servers = {{boost::asio::ip::make_address("127.0.0.1"), port}},
                .texts = RequestTexts(options, parse_target(options.url).value()),
                .check = ResponseCheck({}),
                .connections = 1,
                .record = {.timeline = timeline, .timeout = 30s, .rate = {}, .tally = {}}};
  LoadLoop loop(std::move(plan), std::make_unique<ClosedFeed>(timeline, 0, 1, std::nullopt));
  loop.run({});
  const LoadRecord& record = loop.recorder().records().front();
  expect_account_holds(record);
  EXPECT_GE(record.error(ErrorKind::connect_refused).count, 1u);
  EXPECT_LE(record.error(ErrorKind::connect_refused).count, 5u);
}

TEST(Timeouts, AreRecordedAsLowerBounds) {
  const ScriptedServer server([](const SeenRequest&) { return ScriptedAnswer{"", Then::stall}; });
  LoadOptions options = closed_loop(server, 2, 2);
  options.timeout = 50ms;
  const LoadRecord record = run_load(options).value().record;
  expect_account_holds(record);
  EXPECT_EQ(record.requests.timed_out, 2u);
  EXPECT_EQ(record.error(ErrorKind::timeout).count, 2u);
  EXPECT_EQ(record.response_time.least_censored, 50ms);
}

TEST(OpenLoop, GoesOnWhileAResponseIsLate) {
  const ScriptedServer server([](const SeenRequest& request) {
    return request.number == 0 ? ScriptedAnswer{"", Then::stall} : ok_answer();
  });
  LoadOptions options = open_loop(server, 500, 40);
  options.timeout = 500ms;
  const LoadRecord record = run_load(options).value().record;
  expect_account_holds(record);
  EXPECT_EQ(record.requests.completed, 39u);
  EXPECT_EQ(record.requests.timed_out, 1u);
  EXPECT_EQ(record.schedule_lag.count(), 40u);
}

TEST(OpenLoop, SendsTheSameRequestsForAnyNumberOfThreads) {
  const ScriptedServer one(always_ok);
  const ScriptedServer three(always_ok);
  LoadOptions options = open_loop(one, 2000, 50);
  options.arrivals = ArrivalKind::poisson;
  EXPECT_EQ(run_load(options)->record.requests.sent, 50u);
  options.url = three.url();
  options.threads = 3;
  EXPECT_EQ(run_load(options)->record.requests.sent, 50u);
  EXPECT_EQ(request_ids(one), request_ids(three));
}

TEST(OpenLoop, SaysSoWhenItRunsOutOfConnections) {
  const ScriptedServer server([](const SeenRequest& request) {
    return request.number == 0 ? ScriptedAnswer{"", Then::stall} : ok_answer();
  });
  LoadOptions options = open_loop(server, 100, 10);
  options.max_connections = 1;
  options.timeout = 200ms;
  const LoadResult result = run_load(options).value();
  expect_account_holds(result.record);
  EXPECT_EQ(result.record.requests.sent, 10u);
  EXPECT_GT(result.record.waited_for_connection, 0u);
  EXPECT_FALSE(result.valid());
}

TEST(Window, OfAClosedLoopsCountLastsUntilItsLastRequestEnded) {
  const ScriptedServer server([](const SeenRequest&) { return ScriptedAnswer{"", Then::stall}; });
  LoadOptions options = closed_loop(server, 3, 3);
  options.timeout = 50ms;
  EXPECT_GE(run_load(options)->window, 50ms);
}

// What ends in the drain would make the rate look as if it had not been kept.
TEST(Window, OfAnOpenLoopsCountEndsWithItsSchedule) {
  const ScriptedServer server([](const SeenRequest& request) {
    return request.number == 0 ? ok_answer() : ScriptedAnswer{"", Then::stall};
  });
  LoadOptions options = open_loop(server, 20, 3);
  options.timeout = 200ms;
  const LoadResult result = run_load(options).value();
  EXPECT_EQ(result.window, 150ms);
  EXPECT_EQ(result.record.completed_in_window, 1u);
  options.duration = 1ms;
  EXPECT_EQ(run_load(options)->window, 1ms);
}

TEST(Window, CountsTheErrorsAmongItsResponses) {
  const ScriptedServer server([](const SeenRequest& request) {
    return request.number == 1 ? ScriptedAnswer{"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"}
                               : ok_answer();
  });
  const LoadResult result = run_load(closed_loop(server, 3)).value();
  EXPECT_EQ(result.record.completed_in_window, 3u);
  EXPECT_EQ(result.record.unwanted_in_window, 1u);
  EXPECT_DOUBLE_EQ(result.good_rate(), result.achieved_rate() * 2 / 3);
}

TEST(Warmup, IsRunButNotRecorded) {
  const ScriptedServer server(always_ok);
  LoadOptions options = open_loop(server, 200, 10);
  options.warmup = 100ms;
  const LoadRecord record = run_load(options).value().record;
  EXPECT_EQ(record.requests.sent, 10u);
  EXPECT_EQ(record.response_time.values.count(), 10u);
  EXPECT_EQ(server.requests().size(), 30u);
}

TEST(Interruption, LeavesWhatIsInFlightUnfinished) {
  std::stop_source stop;
  const ScriptedServer server([&stop](const SeenRequest& request) {
    if (request.number == 2) stop.request_stop();
    return ScriptedAnswer{"", Then::stall};
  });
  LoadOptions options = closed_loop(server, 100, 3);
  options.stop = stop.get_token();
  const LoadResult result = run_load(options).value();
  expect_account_holds(result.record);
  EXPECT_EQ(result.record.requests.unfinished, 3u);
  EXPECT_TRUE(result.interrupted);
  EXPECT_FALSE(result.valid());
}

// 192.0.2.0/24 is for documentation: nobody answers there. Where the network refuses at once, there is nothing to end.
TEST(Interruption, EndsTheWaitForTheFirstConnection) {
  std::stop_source stop;
  stop.request_stop();
  LoadOptions options;
  options.url = "http://192.0.2.1:81/";
  options.timeout = 1h;
  options.stop = stop.get_token();
  EXPECT_FALSE(run_load(options));
}

TEST(RunLoad, SaysWhichAddressRefused) {
  LoadOptions options;
  {
    const ScriptedServer gone(always_ok);
    options.url = gone.url();
  }
  const auto result = run_load(options);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("cannot connect to 127.0.0.1:"));
}

}  // namespace
}  // namespace waitlab::client
