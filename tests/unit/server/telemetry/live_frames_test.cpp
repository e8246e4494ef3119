#include "server/telemetry/live_frames.hpp"

#include "server/counts/request_state.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class LiveFramesTest : public testing::Test {
 protected:
  LiveFramesTest() {
    telemetries.make_current({"fixed-pool", {.workers = 4, .holds_worker = true, .description = "4 threads"}, 100});
  }

  json at(std::chrono::milliseconds time) { return json::parse(frames.at(start + time)); }

  const LiveFrames::TimePoint start{1000s};
  Telemetries telemetries;
  Telemetry& pool = telemetries.of("fixed-pool");
  const std::unique_ptr<Accounts> accounts = std::make_unique_for_overwrite<Accounts>();
  LiveFrames frames{telemetries, *accounts};
};

TEST_F(LiveFramesTest, SayHowTheStrategyIsConfigured) {
  const json frame = at(0ms);
  EXPECT_EQ(frame["strategy"], "fixed-pool");
  EXPECT_EQ(frame["description"], "4 threads");
  EXPECT_EQ(frame["facts"]["holds_worker"], true);
  EXPECT_GT(frame["rss_bytes"], 0);
}

TEST_F(LiveFramesTest, AreTheSameWithinAFifthOfASecond) {
  const std::string first = frames.at(start);
  pool.in_flight.add();
  EXPECT_EQ(frames.at(start + 199ms), first);
  EXPECT_NE(frames.at(start + 200ms), first);
}

TEST_F(LiveFramesTest, FollowEachOtherOnAGrid) {
  EXPECT_EQ(LiveFrames::after(start), start + 200ms);
  EXPECT_EQ(LiveFrames::after(start + 1ms), start + 200ms);
  EXPECT_EQ(LiveFrames::after(start + 200ms), start + 400ms);
}

TEST_F(LiveFramesTest, HaveALetterForEachThread) {
  const Tracks::Held first(pool.threads);
  const Tracks::Held second(pool.threads);
  auto third = std::make_unique<Tracks::Held>(pool.threads);
  const Tracks::Held fourth(pool.threads);
  const Tracks::Held fifth(pool.threads);
  first->become(Activity::waiting);
  second->become(Activity::running);
  third.reset();
  fifth->become(Activity::locked);
  EXPECT_EQ(at(0ms)["threads"], "wr-il");
}

TEST_F(LiveFramesTest, TellTheLastDeadlock) {
  EXPECT_EQ(at(0ms)["accounts"], json::parse(R"({"deadlocks_total": 0, "last_deadlock": null})"));
  const Accounts::Ticket older(*accounts, "older");
  const Accounts::Ticket younger(*accounts, "younger");
  older.take(0);
  younger.take(1);
  older.take(1);
  younger.take(0);
  const json told = at(200ms)["accounts"];
  EXPECT_EQ(told["deadlocks_total"], 1);
  EXPECT_EQ(told["last_deadlock"]["cycle"], "a→b→a");
  EXPECT_EQ(told["last_deadlock"]["victim"], "younger");
}

TEST_F(LiveFramesTest, SplitRequestsByWhatTheyDo) {
  RequestState queued(pool);
  queued.queue();
  RequestState waiting(pool);
  waiting.wait();
  RequestState running(pool);
  running.run();
  EXPECT_EQ(at(0ms)["requests"], json::parse(R"({"in_flight": 3, "queued": 1, "running": 1, "waiting": 1})"));
}

TEST_F(LiveFramesTest, TellRatesAndPercentilesOfTheLastSecondOnly) {
  EXPECT_TRUE(at(0ms)["last_second"]["answered_per_second"].is_null());
  for (int request = 0; request < 10; ++request)
    count(pool.counts.here().request_time, 5s);
  EXPECT_EQ(at(400ms)["last_second"]["answered_per_second"], 25.0);
  at(1000ms);
  for (int request = 0; request < 30; ++request)
    count(pool.counts.here().request_time, 50ms);
  count(pool.counts.here().rejected[Rejection::queue_full]);
  const json later = at(2000ms)["last_second"];
  EXPECT_EQ(later["answered_per_second"], 30.0);
  EXPECT_EQ(later["rejected_per_second"], 1.0);
  EXPECT_NEAR(later["p50_ms"], 50, 2);
  EXPECT_LE(later["p50_ms"], later["p99_ms"]);
  EXPECT_TRUE(at(3200ms)["last_second"]["p50_ms"].is_null());
}

TEST_F(LiveFramesTest, TellNothingOfTheStrategyBefore) {
  at(0ms);
  count(pool.counts.here().request_time, 5s);
  telemetries.of("event-loop");
  telemetries.make_current({"event-loop", {.worker = Worker::loop, .workers = 1, .description = "one thread"}, 100});
  EXPECT_TRUE(at(200ms)["last_second"]["answered_per_second"].is_null());
  count(pool.counts.here().request_time, 5s);
  count(telemetries.of("event-loop").counts.here().request_time, 50ms);
  const json later = at(400ms)["last_second"];
  EXPECT_EQ(later["answered_per_second"], 5.0);
  EXPECT_NEAR(later["p99_ms"], 50, 2);
}

TEST_F(LiveFramesTest, TellHowLateALoopWasInTheLastSecondOrIsByNow) {
  EXPECT_TRUE(at(0ms)["last_second"]["loop_lag_ms"].is_null()) << "threads have none";
  Telemetry& loop = telemetries.of("event-loop");
  telemetries.make_current({"event-loop", {.worker = Worker::loop, .workers = 1, .description = "one thread"}, 100});
  const Tracks::Held lane(loop.threads);
  lane->fall_due(start + 300ms);
  EXPECT_EQ(at(200ms)["last_second"]["loop_lag_ms"], 0.0);
  EXPECT_EQ(at(400ms)["last_second"]["loop_lag_ms"], 100.0) << "it stands still";
  count(loop.counts.here().loop_lag, 250ms);
  lane->fall_due(start + 700ms);
  EXPECT_NEAR(at(600ms)["last_second"]["loop_lag_ms"], 250, 10);
  lane->fall_due(start + 5s);
  at(1200ms);
  EXPECT_EQ(at(2000ms)["last_second"]["loop_lag_ms"], 0.0);
}

TEST_F(LiveFramesTest, BeginAnewOnceNobodyHasLookedForAWhile) {
  at(0ms);
  count(pool.counts.here().request_time, 50ms);
  EXPECT_TRUE(at(60'000ms)["last_second"]["answered_per_second"].is_null());
}

TEST_F(LiveFramesTest, TellOfAStrategyThatLeavesWhileItHasRequests) {
  RequestState request(pool);
  request.wait();
  telemetries.of("event-loop");
  telemetries.make_current({"event-loop", {.worker = Worker::loop, .workers = 1, .description = "one thread"}, 100});
  EXPECT_EQ(at(0ms)["leaving"], json::parse(R"([{"strategy": "fixed-pool", "in_flight": 1}])"));
  request.end();
  EXPECT_EQ(at(200ms)["leaving"], json::array());
}

}  // namespace
}  // namespace waitlab::server
