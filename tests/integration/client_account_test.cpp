#include "client/engine/load_plan.hpp"
#include "client/engine/load_run.hpp"
#include "tests/support/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Then = ScriptedAnswer::Then;

ScriptedAnswer answer(const std::string& fields, const std::string& body, unsigned status = 200) {
  return {"HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
              fields + "\r\n" + body,
          Then::keep};
}

LoadOptions some_requests(const ScriptedServer& server, std::uint64_t requests) {
  LoadOptions options;
  options.url = server.url("/path");
  options.requests = requests;
  options.connections = 2;
  options.timeout = 30s;
  return options;
}

LoadRecord record_of(const LoadOptions& options) {
  LoadRecord record = run_load(options).value().record;
  EXPECT_EQ(record.requests.sent, record.requests.ended());
  return record;
}

TEST(Expectations, TurnAnotherStatusIntoAnError) {
  const ScriptedServer server([](const SeenRequest&) { return answer("", "", 204); });
  LoadOptions options = some_requests(server, 4);
  options.expect.statuses = {"200", "3xx"};
  const LoadRecord record = record_of(options);
  EXPECT_EQ(record.requests.completed, 4u);
  EXPECT_EQ(record.error(ErrorKind::unexpected_status).count, 4u);
  EXPECT_EQ(record.error(ErrorKind::unexpected_status).example, "status 204");
}

TEST(Expectations, LetAnErrorStatusPassThatWasExpected) {
  const ScriptedServer server([](const SeenRequest&) { return answer("", "", 404); });
  LoadOptions options = some_requests(server, 4);
  options.expect.statuses = {"4xx"};
  EXPECT_EQ(record_of(options).error_count(), 0u);
}

TEST(Expectations, LookIntoTheBody) {
  const ScriptedServer server(
      [](const SeenRequest& request) { return answer("", request.number % 2 == 0 ? "all good" : "all bad"); });
  LoadOptions options = some_requests(server, 10);
  options.expect.body = "good";
  EXPECT_EQ(record_of(options).error(ErrorKind::unexpected_body).count, 5u);
}

TEST(NoKeepAlive, OpensAConnectionForEachRequest) {
  const ScriptedServer server([](const SeenRequest& request) {
    EXPECT_THAT(request.text, HasSubstr("Connection: close\r\n"));
    EXPECT_EQ(request.on_connection, 0u);
    ScriptedAnswer closing = answer("Connection: close\r\n", "");
    closing.then = Then::close;
    return closing;
  });
  LoadOptions options = some_requests(server, 6);
  options.keep_alive = false;
  const LoadRecord record = record_of(options);
  EXPECT_EQ(record.requests.completed, 6u);
  EXPECT_EQ(record.connections, 6u);
}

TEST(NoKeepAlive, UsesNoConnectionTwiceThatTheServerLeavesOpen) {
  const ScriptedServer server([](const SeenRequest&) { return ok_answer(); });
  LoadOptions options = some_requests(server, 6);
  options.headers = {{"connection", "TE, Close"}};
  const LoadRecord record = record_of(options);
  EXPECT_EQ(record.requests.completed, 6u);
  EXPECT_EQ(record.connections, 6u);
}

TEST(Framing, TellsBytesBeyondTheEndOfAResponse) {
  const ScriptedServer server([](const SeenRequest&) {
    return ScriptedAnswer{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloEXTRA", Then::keep};
  });
  const LoadRecord record = record_of(some_requests(server, 4));
  EXPECT_EQ(record.requests.completed, 0u);
  EXPECT_EQ(record.error(ErrorKind::bad_response).count, 4u);
  EXPECT_EQ(record.error(ErrorKind::bad_response).example, "bytes follow the end of the response");
}

// 60,000 bytes of fields, which no single read sees whole.
TEST(Framing, ReadsALongHeaderOfShortLines) {
  std::string fields;
  while (fields.size() < 60'000)
    fields += "X-Field: 0123456789\r\n";
  const ScriptedServer server([&fields](const SeenRequest&) { return answer(fields, "ok"); });
  EXPECT_EQ(record_of(some_requests(server, 4)).requests.completed, 4u);
}

TEST(Framing, SaysHowLongAHeaderMayBe) {
  const std::string field = "X-Field: " + std::string(100'000, 'x') + "\r\n";
  const ScriptedServer server([&field](const SeenRequest&) { return answer(field, "ok"); });
  const LoadRecord record = record_of(some_requests(server, 4));
  EXPECT_EQ(record.error(ErrorKind::bad_response).count, 4u);
  EXPECT_EQ(record.error(ErrorKind::bad_response).example, "the header is longer than 64 KiB");
}

TEST(Framing, TellsInterimResponsesWithoutEnd) {
  const ScriptedServer server([](const SeenRequest&) {
    ScriptedAnswer many{"", Then::keep};
    while (many.bytes.size() < 100'000)
      many.bytes += "HTTP/1.1 100 Continue\r\n\r\n";
    return many;
  });
  const LoadRecord record = record_of(some_requests(server, 4));
  EXPECT_EQ(record.error(ErrorKind::bad_response).count, 4u);
  EXPECT_EQ(record.error(ErrorKind::bad_response).example,
            "interim responses and the header are longer than 64 KiB together");
}

const std::string switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n";

TEST(Framing, TellsA101ThatNobodyAskedFor) {
  const ScriptedServer server([](const SeenRequest&) { return ScriptedAnswer{switching, Then::keep}; });
  const LoadRecord record = record_of(some_requests(server, 4));
  EXPECT_EQ(record.requests.completed, 0u);
  EXPECT_EQ(record.error(ErrorKind::bad_response).count, 4u);
  EXPECT_EQ(record.error(ErrorKind::bad_response).example,
            "101 Switching Protocols, which the request did not ask for");
}

TEST(Framing, SendsNoRequestBehindA101ThatWasAskedFor) {
  const ScriptedServer server([](const SeenRequest& request) {
    EXPECT_EQ(request.on_connection, 0u);
    return ScriptedAnswer{switching + "no HTTP any more", Then::keep};
  });
  LoadOptions options = some_requests(server, 4);
  options.headers = {{"Connection", "Upgrade"}, {"upgrade", "echo"}};
  const LoadRecord record = record_of(options);
  EXPECT_EQ(record.requests.completed, 4u);
  EXPECT_EQ(record.connections, 4u);
}

TEST(Framing, SendsNoRequestIntoATunnel) {
  const ScriptedServer server([](const SeenRequest& request) {
    EXPECT_EQ(request.on_connection, 0u);
    return ScriptedAnswer{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", Then::keep};
  });
  LoadOptions options = some_requests(server, 4);
  options.method = "CONNECT";
  const LoadRecord record = record_of(options);
  EXPECT_EQ(record.requests.completed, 4u);
  EXPECT_EQ(record.connections, 4u);
}

// The connection that found the server is closed with it before the load begins, and nobody listens any more.
TEST(Connections, AreNotCountedWhereNoneCameUp) {
  auto server = std::make_optional<ScriptedServer>([](const SeenRequest&) { return ok_answer(); });
  LoadOptions options = some_requests(*server, 20);
  options.rate = 1000;
  options.on_begin = [&server](auto) { server.reset(); };
  std::vector<RequestRow> rows;
  options.on_rows = [&rows](std::span<const RequestRow> some) { rows.insert(rows.end(), some.begin(), some.end()); };
  const LoadRecord record = record_of(options);
  EXPECT_EQ(record.requests.failed, 20u);
  EXPECT_EQ(record.connections, 0u);
  EXPECT_EQ(record.reconnects, 0u);
  ASSERT_EQ(rows.size(), 20u);
  EXPECT_GT(rows.front().connect, 0ns);
}

// The server's word is taken for its part of the time, as far as there is that much time.
TEST(TimeSplitOfARun, AddsUpToTheResponseTime) {
  const ScriptedServer server([](const SeenRequest&) {
    return answer("Server-Timing: queue;dur=0.001, backend;dur=0.002, handler;dur=0\r\n", "");
  });
  LoadOptions options = some_requests(server, 100);
  options.rate = 2000;
  const LoadRecord record = record_of(options);
  EXPECT_EQ(record.split.told_by_server(), 100u);
  const SplitMean all = record.split.all();
  double sum_ns = 0;
  for (const double part_ns : all.part_ns)
    sum_ns += part_ns;
  // A histogram's bucket is 512 ns wide, or a 1024th of what is in it.
  const double bucket_ns = std::max(600.0, static_cast<double>(record.response_time.values.max().count()) / 1024);
  EXPECT_NEAR(sum_ns, record.response_time.values.mean_ns(), bucket_ns);
  EXPECT_NEAR(all.part_ns[static_cast<std::size_t>(Part::backend)], 2000, 1);
  EXPECT_GT(all.part_ns[static_cast<std::size_t>(Part::connect)], 0);
}

TEST(Mix, IsToldByTarget) {
  const ScriptedServer server(
      [](const SeenRequest& request) { return answer("", "", request.text.starts_with("GET /bad ") ? 500 : 200); });
  LoadOptions options = some_requests(server, 200);
  options.targets = {{.path = "/good", .headers = {}, .body = {}, .weight = 3},
                     {.path = "/bad", .headers = {}, .body = {}, .weight = 1}};
  const LoadResult result = run_load(options).value();
  ASSERT_EQ(result.targets.size(), 2u);
  EXPECT_EQ(result.targets[1].path, "/bad");
  const auto& targets = result.record.targets;
  ASSERT_EQ(targets.size(), 2u);
  EXPECT_EQ(targets[0].completed + targets[1].completed, 200u);
  EXPECT_EQ(targets[0].errors, 0u);
  EXPECT_EQ(targets[1].errors, targets[1].completed);
  EXPECT_EQ(targets[1].completed, result.record.error(ErrorKind::status_5xx).count);
  EXPECT_GT(targets[0].response_time.values.count(), targets[1].response_time.values.count());
}

TEST(Steps, EachHaveTheirOwnResult) {
  const ScriptedServer server([](const SeenRequest&) { return ok_answer(); });
  LoadOptions options;
  options.url = server.url();
  options.steps = {{100, 100, 200ms}, {400, 400, 200ms}, {200, 200, 100ms}};
  options.warmup = 100ms;
  options.threads = 2;
  const LoadResult result = run_load(options).value();
  ASSERT_EQ(result.steps.size(), 3u);
  EXPECT_EQ(result.steps[0].record.requests.sent, 20u);
  EXPECT_EQ(result.steps[1].record.requests.sent, 80u);
  EXPECT_EQ(result.steps[2].record.requests.sent, 20u);
  EXPECT_EQ(result.steps[2].begin, 400ms);
  EXPECT_EQ(result.record.requests.sent, 120u);
  EXPECT_EQ(result.record.response_time.values.count(), 120u);
  EXPECT_DOUBLE_EQ(*result.offered_rate, 240);
  EXPECT_EQ(server.requests().size(), 130u);
}

TEST(Rows, TellOfEachMeasuredRequestOnce) {
  const ScriptedServer server([](const SeenRequest& request) {
    if (request.number == 7) return ScriptedAnswer{"", Then::stall};
    if (request.number == 8) return ScriptedAnswer{"", Then::reset};
    return answer("Server-Timing: backend;dur=1\r\n", "four");
  });
  LoadOptions options = some_requests(server, 20);
  options.connections = 1;
  options.timeout = 300ms;
  std::vector<RequestRow> rows;
  options.on_rows = [&rows](std::span<const RequestRow> some) { rows.insert(rows.end(), some.begin(), some.end()); };
  const LoadRecord record = record_of(options);
  ASSERT_EQ(rows.size(), 20u);
  EXPECT_EQ(rows[0].status, 200);
  EXPECT_EQ(rows[0].body_bytes, 4u);
  EXPECT_EQ(rows[0].timing->backend, 1ms);
  EXPECT_GT(rows[0].connect, 0ns);
  EXPECT_EQ(rows[1].connect, 0ns);
  EXPECT_EQ(rows[7].outcome, RequestRow::Outcome::timed_out);
  EXPECT_EQ(rows[8].outcome, RequestRow::Outcome::failed);
  EXPECT_EQ(rows[8].error, ErrorKind::reset);
  for (const RequestRow& row : rows)
    EXPECT_LE(row.sent, row.ended);
  EXPECT_EQ(record.requests.completed, 18u);
}

TEST(Slices, HoldAsManyRequestsAsTheRecord) {
  const ScriptedServer server([](const SeenRequest&) { return ok_answer(); });
  LoadOptions options = some_requests(server, 100);
  options.rate = 400;
  options.threads = 2;
  std::uint64_t times = 0;
  std::uint64_t ended = 0;
  std::uint64_t last_index = 0;
  options.on_slice = [&](const Slice& slice) {
    times += slice.response_time.values.count();
    ended += slice.ended;
    last_index = std::max(last_index, slice.index);
  };
  record_of(options);
  EXPECT_EQ(times, 100u);
  EXPECT_EQ(ended, 100u);
  EXPECT_GE(last_index, 1u);
}

TEST(Steps, LeaveConnectionsAndTargetsToTheWholeRun) {
  const ScriptedServer server([](const SeenRequest&) { return ok_answer(); });
  LoadOptions options;
  options.url = server.url();
  options.steps = {{100, 100, 100ms}, {200, 200, 100ms}};
  options.targets = {{.path = "/a", .headers = {}, .body = {}}, {.path = "/b", .headers = {}, .body = {}}};
  const LoadResult result = run_load(options).value();
  EXPECT_GE(result.record.connections, 1u);
  EXPECT_GT(result.record.bytes_in, 0u);
  ASSERT_EQ(result.record.targets.size(), 2u);
  EXPECT_EQ(result.record.targets[0].completed + result.record.targets[1].completed, 30u);
  for (const StepResult& step : result.steps) {
    EXPECT_EQ(step.record.connections, 0u);
    EXPECT_EQ(step.record.bytes_in + step.record.bytes_out, 0u);
    EXPECT_TRUE(step.record.targets.empty());
  }
}

TEST(Abortion, EndsTheRunAndKeepsWhatThereIs) {
  const ScriptedServer server([](const SeenRequest&) { return ok_answer(); });
  LoadOptions options = some_requests(server, 1'000'000);
  options.rate = 100;
  options.abort_when = [](const LoadProgress& progress) { return progress.completed >= 10; };
  const LoadResult result = run_load(options).value();
  EXPECT_TRUE(result.aborted);
  EXPECT_FALSE(result.interrupted);
  EXPECT_GE(result.record.requests.completed, 10u);
  EXPECT_LT(result.record.requests.sent, 1'000'000u);
  EXPECT_EQ(result.record.requests.sent, result.record.requests.ended());
}

// One request carries the answer that never comes; those that were due after it wait for its connection.
TEST(Abortion, CountsRequestsThatWaitedForAConnection) {
  const ScriptedServer server([](const SeenRequest&) { return ScriptedAnswer{"", Then::stall}; });
  LoadOptions options = some_requests(server, 1'000'000);
  options.rate = 100;
  options.max_connections = 1;
  options.abort_when = [](const LoadProgress& progress) { return progress.elapsed > 100ms; };
  const LoadRecord record = record_of(options);
  EXPECT_GE(record.requests.unfinished, 2u);
  EXPECT_EQ(record.waited_for_connection, record.requests.unfinished - 1);
  EXPECT_GE(record.longest_unfinished, 95ms);
}

// A schedule that lies in the past is what a client finds that was stopped for a while.
TEST(Account, TellsAClientThatStoodStillFromOneWithoutConnections) {
  const ScriptedServer server([](const SeenRequest&) { return ok_answer(); });
  LoadOptions options = some_requests(server, 3);
  options.rate = 1000;
  options.timeout = 1s;
  Timeline timeline = make_timeline(options, Clock::now());
  timeline.start -= 10s;
  timeline.measure_from -= 10s;
  const boost::asio::ip::tcp::endpoint address(boost::asio::ip::address_v4::loopback(), server.port());
  const Loops loops = make_loops(
      options,
      make_plans(options, parse_target(options.url).value(), {.servers = {address}, .connection = {}}, nullptr),
      timeline);
  loops.front()->run({});
  const LoadRecord& record = loops.front()->recorder().records().front();
  EXPECT_EQ(record.error(ErrorKind::timeout).count, 3u);
  EXPECT_EQ(record.error(ErrorKind::timeout).example, "the client itself stood still for longer than the time-out");
  EXPECT_EQ(record.waited_for_connection, 0u);
}

TEST(Failure, OfACallbackEndsTheRunAtOnce) {
  const ScriptedServer server([](const SeenRequest&) { return ok_answer(); });
  LoadOptions options = some_requests(server, 30);
  options.rate = 10;
  options.on_progress = [](const LoadProgress&) { throw std::runtime_error("no room left"); };
  EXPECT_THROW(static_cast<void>(run_load(options)), std::runtime_error);
  EXPECT_LT(server.requests().size(), 30u);
}

// The stuck request is no work, so the drain must not make the client look idle.
TEST(SelfJudgement, LeavesTheDrainOutOfAClosedLoopsUsage) {
  const ScriptedServer server([](const SeenRequest& request) {
    return request.number == 0 ? ScriptedAnswer{"", Then::stall} : ok_answer();
  });
  LoadOptions options = some_requests(server, 0);
  options.requests.reset();
  options.duration = 200ms;  // long enough to tell
  options.timeout = 1s;
  const LoadResult result = run_load(options).value();
  ASSERT_EQ(result.load_threads.size(), 1u);
  EXPECT_LT(result.load_threads[0].span, 1s);
}

TEST(SelfJudgement, TellsNoShareOfAMoment) {
  const ScriptedServer server([](const SeenRequest&) { return ok_answer(); });
  LoadOptions options = some_requests(server, 2);
  options.rate = 2000;
  options.threads = 2;
  EXPECT_TRUE(run_load(options)->load_threads.empty());
}

TEST(SelfJudgement, LooksAtEveryLoadThread) {
  const ScriptedServer server([](const SeenRequest&) { return ok_answer(); });
  LoadOptions options = some_requests(server, 100);
  options.rate = 1000;
  options.threads = 2;
  const LoadResult result = run_load(options).value();
  ASSERT_EQ(result.load_threads.size(), 2u);
  EXPECT_GT(result.load_threads[0].cpu_share, 0);
  EXPECT_TRUE(result.arrival_fit.has_value());
  EXPECT_TRUE(result.listen_overflows.has_value());
}

}  // namespace
}  // namespace waitlab::client
