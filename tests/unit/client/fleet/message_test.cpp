#include "client/fleet/message.hpp"

#include "client/format/result_json.hpp"
#include "tests/unit/client/format/sample_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client::fleet {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

/// A number that no double can hold.
constexpr std::uint64_t odd_and_large = std::numeric_limits<std::uint64_t>::max() - 2;

/// What the other side reads.
template <class Message>
Message as_worker_reads(const Message& message) {
  return std::get<Message>(decode_from_collector(encode(FromCollector(message))).value());
}

template <class Message>
Message as_collector_reads(const Message& message) {
  return std::get<Message>(decode_from_worker(encode(FromWorker(message))).value());
}

std::string each_byte() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte)
    bytes += static_cast<char>(byte);
  return bytes;
}

TEST(Message, IsAnObjectWithItsType) {
  const auto json = nlohmann::json::parse(encode(FromCollector(Welcome{2, 3})));
  EXPECT_EQ(json, nlohmann::json({{"type", "welcome"}, {"place", 2}, {"places", 3}}));
  EXPECT_EQ(encode(FromWorker(Ready{})), R"({"type":"ready"})");
}

TEST(Message, OfTheCollectorComesAsItWent) {
  const auto challenge = as_worker_reads(Challenge{.version = "1.2.3", .nonce = "00ff"});
  EXPECT_EQ(challenge.version, "1.2.3");
  EXPECT_EQ(challenge.nonce, "00ff");
  EXPECT_EQ(as_worker_reads(Refusal{"no \"place\",\nfor ever: \u00FC"}).why, "no \"place\",\nfor ever: \u00FC");
  const auto welcome = as_worker_reads(Welcome{.place = 2, .places = 1000});
  EXPECT_EQ(welcome.place, 2u);
  EXPECT_EQ(welcome.places, 1000u);
  EXPECT_EQ(as_worker_reads(Ping{odd_and_large}).sent, odd_and_large);
  EXPECT_EQ(as_worker_reads(Start{odd_and_large}).at, odd_and_large);
  as_worker_reads(Stop{});
  as_worker_reads(Bye{});
}

TEST(Message, OfAWorkerComesAsItWent) {
  const auto who = as_collector_reads(Registration{.name = "w1", .version = "1.2.3", .proof = "abc", .cpus = 64});
  EXPECT_EQ(who.name, "w1");
  EXPECT_EQ(who.version, "1.2.3");
  EXPECT_EQ(who.proof, "abc");
  EXPECT_EQ(who.cpus, 64u);
  const auto pong = as_collector_reads(Pong{.sent = 3, .answer = odd_and_large});
  EXPECT_EQ(pong.sent, 3u);
  EXPECT_EQ(pong.answer, odd_and_large);
  as_collector_reads(Ready{});
  EXPECT_EQ(as_collector_reads(CannotRun{"connection refused"}).why, "connection refused");
  EXPECT_EQ(as_collector_reads(Started{12'345}).late_ns, 12'345u);
  const auto progress = as_collector_reads(Progress{.sent = 10, .completed = 7, .errors = 2, .in_flight = 1});
  EXPECT_EQ(progress.sent, 10u);
  EXPECT_EQ(progress.completed, 7u);
  EXPECT_EQ(progress.errors, 2u);
  EXPECT_EQ(progress.in_flight, 1u);
}

TEST(Message, ComesThoughItsTextIsNoUtf8) {
  EXPECT_EQ(as_collector_reads(CannotRun{"host \xFF is unknown"}).why, "host \uFFFD is unknown");
}

LoadOptions rich_load() {
  LoadOptions load;
  load.url = "https://[::1]:8443/w\xFF"s;
  load.method = "POST";
  load.headers = {{"Authorization", "Bearer \xE9"}, {"X-Empty", ""}, {"Authorization", "again"}};
  load.body = each_byte();
  load.targets = {{.method = "PUT", .path = "/a?b=c", .headers = {{"A", "1"}}, .body = "\0{"s, .weight = 1.0 / 3},
                  {.method = "GET", .path = "", .headers = {}, .body = "", .weight = 2}};
  load.keep_alive = false;
  load.expect = {.statuses = {"2xx", "304"}, .body = "o\0k\x80"s};
  load.tls = {.insecure = true, .ca_file = "/etc/\xE4.pem"};
  load.rate = 0.1 + 0.2;
  load.steps = {{.from = 1.0 / 7, .to = 100, .duration = 1'234'567'891ns}, {.from = 100, .to = 5, .duration = 720h}};
  load.arrivals = ArrivalKind::poisson;
  load.connections = 17;
  load.max_connections = 20'000;
  load.duration = 720h - 1ns;
  load.requests = 1'000'000'000'000;
  load.warmup = 3s + 1ns;
  load.timeout = 1h - 1ns;
  load.threads = 8;
  load.seed = odd_and_large;
  load.shard = {.index = 6, .count = 7};
  load.cpus = {0, 1};
  load.command = "waitlab-client collector 'x \"y\"'";
  return load;
}

TEST(MessageOrder, HasAllThatMakesALoad) {
  const LoadOptions wanted = rich_load();
  const Order order = as_worker_reads(Order{.load = wanted, .rows = true});
  const LoadOptions& load = order.load;
  EXPECT_TRUE(order.rows);
  EXPECT_EQ(load.url, wanted.url);
  EXPECT_EQ(load.method, "POST");
  EXPECT_EQ(load.headers, wanted.headers);
  EXPECT_EQ(load.body, each_byte());
  EXPECT_FALSE(load.keep_alive);
  EXPECT_EQ(load.expect.statuses, wanted.expect.statuses);
  EXPECT_EQ(load.expect.body, wanted.expect.body);
  EXPECT_TRUE(load.tls.insecure);
  EXPECT_EQ(load.tls.ca_file, wanted.tls.ca_file);
  EXPECT_EQ(load.rate, 0.1 + 0.2) << "exactly";
  EXPECT_EQ(load.arrivals, ArrivalKind::poisson);
  EXPECT_EQ(load.connections, 17u);
  EXPECT_EQ(load.max_connections, 20'000u);
  EXPECT_EQ(load.duration, 720h - 1ns);
  EXPECT_EQ(load.requests, 1'000'000'000'000u);
  EXPECT_EQ(load.warmup, 3s + 1ns);
  EXPECT_EQ(load.timeout, 1h - 1ns);
  EXPECT_EQ(load.threads, 8u);
  EXPECT_EQ(load.seed, odd_and_large);
  EXPECT_EQ(load.shard.index, 6u);
  EXPECT_EQ(load.shard.count, 7u);
  EXPECT_EQ(load.command, wanted.command);
}

TEST(MessageOrder, HasItsMixOfTargets) {
  const auto targets = as_worker_reads(Order{rich_load(), false}).load.targets;
  ASSERT_EQ(targets.size(), 2u);
  EXPECT_EQ(targets[0].method, "PUT");
  EXPECT_EQ(targets[0].path, "/a?b=c");
  EXPECT_THAT(targets[0].headers, ElementsAre(Pair("A", "1")));
  EXPECT_EQ(targets[0].body, "\0{"s);
  EXPECT_EQ(targets[0].weight, 1.0 / 3) << "exactly: the mix is drawn by it";
  EXPECT_EQ(targets[1].method, "GET");
  EXPECT_EQ(targets[1].path, "");
  EXPECT_THAT(targets[1].headers, IsEmpty());
  EXPECT_EQ(targets[1].body, "");
  EXPECT_EQ(targets[1].weight, 2);
}

TEST(MessageOrder, HasItsSteps) {
  const auto steps = as_worker_reads(Order{rich_load(), false}).load.steps;
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].from, 1.0 / 7) << "exactly: all workers have the same schedule";
  EXPECT_EQ(steps[0].to, 100);
  EXPECT_EQ(steps[0].duration, 1'234'567'891ns);
  EXPECT_EQ(steps[1].duration, 720h);
}

TEST(MessageOrder, LeavesOpenWhatIs) {
  LoadOptions poor;
  poor.url = "http://localhost";
  const Order order = as_worker_reads(Order{poor, false});
  const LoadOptions& load = order.load;
  EXPECT_FALSE(order.rows);
  EXPECT_EQ(load.url, "http://localhost");
  EXPECT_EQ(load.method, "GET");
  EXPECT_THAT(load.headers, IsEmpty());
  EXPECT_EQ(load.body, "");
  EXPECT_THAT(load.targets, IsEmpty());
  EXPECT_TRUE(load.keep_alive);
  EXPECT_THAT(load.expect.statuses, IsEmpty());
  EXPECT_FALSE(load.tls.insecure);
  EXPECT_FALSE(load.rate);
  EXPECT_THAT(load.steps, IsEmpty());
  EXPECT_EQ(load.arrivals, ArrivalKind::constant);
  EXPECT_FALSE(load.duration);
  EXPECT_FALSE(load.requests);
  EXPECT_EQ(load.warmup, 0ns);
  EXPECT_EQ(load.shard.count, 1u);
}

TEST(MessageOrder, BringsNoCpusOfTheCollectorsMachine) {
  EXPECT_THAT(as_worker_reads(Order{rich_load(), false}).load.cpus, IsEmpty());
}

Slice slice_of(std::size_t step, std::uint64_t index) {
  Slice slice;
  slice.step = step;
  slice.index = index;
  return slice;
}

void expect_same(const CensoredHistogram& times, const CensoredHistogram& wanted) {
  EXPECT_EQ(times.values.encode(), wanted.values.encode());
  EXPECT_EQ(times.censored, wanted.censored);
  EXPECT_EQ(times.least_censored, wanted.least_censored);
  EXPECT_EQ(times.unfinished, wanted.unfinished);
}

TEST(MessageSlices, HaveValuesCensoredOnesAndNone) {
  Slice valued = slice_of(3, 1234);
  for (const auto time : {1us, 777us, 3'599'000'000us})
    valued.response_time.record(time);
  valued.service_time.record(500us);
  valued.ended = 3;
  valued.errors = 1;
  Slice censored = slice_of(0, 99);
  censored.response_time.record_at_least(2s + 1ns);
  censored.response_time.unfinished = 5;
  censored.service_time.record_at_least(1999ms);
  const std::vector<Slice> wanted{valued, censored, slice_of(0, odd_and_large)};

  const auto slices = as_collector_reads(Slices{wanted}).slices;
  ASSERT_EQ(slices.size(), 3u);
  for (std::size_t i = 0; i < slices.size(); ++i) {
    EXPECT_EQ(slices[i].step, wanted[i].step);
    EXPECT_EQ(slices[i].index, wanted[i].index);
    EXPECT_EQ(slices[i].ended, wanted[i].ended);
    EXPECT_EQ(slices[i].errors, wanted[i].errors);
    expect_same(slices[i].response_time, wanted[i].response_time);
    expect_same(slices[i].service_time, wanted[i].service_time);
  }
  EXPECT_EQ(slices[2].response_time.least_censored, std::chrono::nanoseconds::max()) << "that is: none";
}

TEST(MessageSlices, MayBeNone) {
  EXPECT_THAT(as_collector_reads(Slices{}).slices, IsEmpty());
}

/// A completed request, of which all is known.
RequestRow full_row() {
  return {.n = 999'999'999'999,
          .step = 99,
          .target = 63,
          .outcome = RequestRow::Outcome::completed,
          .status = 999,
          .error = ErrorKind::unexpected_body,
          .intended = 24h + 1ns,
          .sent = 24h + 2ns,
          .ended = 24h + 1'000'003ns,
          .connect = 55ns,
          .body_bytes = odd_and_large,
          .timing = ServerTiming{.queue = 1ns, .backend = 20ms, .handler = 3us}};
}

TEST(MessageRows, HaveAllThatIsKnownOfARequest) {
  const auto rows = as_collector_reads(Rows{{full_row()}}).rows;
  ASSERT_EQ(rows.size(), 1u);
  const RequestRow& row = rows[0];
  EXPECT_EQ(row.n, 999'999'999'999u);
  EXPECT_EQ(row.step, 99u);
  EXPECT_EQ(row.target, 63u);
  EXPECT_EQ(row.outcome, RequestRow::Outcome::completed);
  EXPECT_EQ(row.status, 999u);
  EXPECT_EQ(row.error, ErrorKind::unexpected_body);
  EXPECT_EQ(row.intended, 24h + 1ns);
  EXPECT_EQ(row.sent, 24h + 2ns);
  EXPECT_EQ(row.ended, 24h + 1'000'003ns);
  EXPECT_EQ(row.connect, 55ns);
  EXPECT_EQ(row.body_bytes, odd_and_large);
  ASSERT_TRUE(row.timing);
  EXPECT_EQ(row.timing->queue, 1ns);
  EXPECT_EQ(row.timing->backend, 20ms);
  EXPECT_EQ(row.timing->handler, 3us);
}

TEST(MessageRows, TellWhatIsNotKnownOfARequest) {
  RequestRow unsent;
  unsent.n = 1;
  unsent.outcome = RequestRow::Outcome::unfinished;
  const auto rows = as_collector_reads(Rows{{full_row(), unsent}}).rows;
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].n, 1u);
  EXPECT_FALSE(rows[1].error);
  EXPECT_FALSE(rows[1].sent);
  EXPECT_FALSE(rows[1].ended);
  EXPECT_FALSE(rows[1].timing);
}

TEST(MessageRows, TellEachOutcomeAndEachError) {
  Rows all;
  for (const auto outcome : {RequestRow::Outcome::completed, RequestRow::Outcome::failed,
                             RequestRow::Outcome::timed_out, RequestRow::Outcome::unfinished})
    all.rows.emplace_back().outcome = outcome;
  for (std::size_t kind = 0; kind < error_names.size(); ++kind)
    all.rows.emplace_back().error = static_cast<ErrorKind>(kind);
  const auto rows = as_collector_reads(all).rows;
  ASSERT_EQ(rows.size(), all.rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].outcome, all.rows[i].outcome);
    EXPECT_EQ(rows[i].error, all.rows[i].error);
  }
  EXPECT_THAT(as_collector_reads(Rows{}).rows, IsEmpty());
}

TEST(MessageOutcome, HasAllOfItsResult) {
  for (const LoadResult& result : {rich_result(), poor_result()})
    EXPECT_EQ(to_json(as_collector_reads(Outcome{result, {}}).result), to_json(result));
}

TEST(MessageOutcome, SumsUpTheArrivalsOfAnOpenLoop) {
  ArrivalTally::Sums sums;
  sums.sends = odd_and_large;
  for (std::size_t i = 0; i < sums.gaps.size(); ++i)
    sums.gaps[i] = odd_and_large - i;
  sums.windows = {3, 0, 1'000'000};
  const auto arrivals = as_collector_reads(Outcome{poor_result(), sums}).arrivals;
  ASSERT_TRUE(arrivals);
  EXPECT_EQ(arrivals->sends, sums.sends);
  EXPECT_EQ(arrivals->gaps, sums.gaps);
  EXPECT_EQ(arrivals->windows, sums.windows);
  EXPECT_FALSE(as_collector_reads(Outcome{poor_result(), {}}).arrivals);
}

}  // namespace
}  // namespace waitlab::client::fleet
