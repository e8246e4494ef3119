#include "client/experiment/server_status.hpp"

#include "tests/support/one_answer.hpp"
#include "tests/unit/client/experiment/status_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr const char* status_text = R"({
  "strategy": "fixed-pool", "pid": 7, "uptime_seconds": 2.5, "threads": 5, "rss_bytes": 4096,
  "connections": {"open": 3, "accepted_total": 9, "refused_total": 0},
  "requests": {"in_flight": 12, "queued": 8, "waiting": 4, "running": 0, "completed_total": 100,
               "in_flight_peak": 20, "queued_peak": 16},
  "rejected": {"queue_full": 2, "no_thread": 1},
  "cpu_seconds": 0.5, "context_switches": {"voluntary": 1000, "involuntary": 50},
  "admin_thread": {"cpu_seconds": 0.1, "context_switches": {"voluntary": 40, "involuntary": 60}}
})";

TEST(ServerStatus, LeavesTheAdminThreadOut) {
  const auto status = parse_server_status(status_text);
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->cpu_time, 400ms);
  EXPECT_EQ(status->voluntary_switches, 960U);
  EXPECT_EQ(status->involuntary_switches, 0U);  // never below zero
  EXPECT_EQ(status->uptime, 2500ms);
  ASSERT_TRUE(status->requests);
  EXPECT_EQ(status->requests->in_flight, 12U);
  EXPECT_EQ(status->requests->queued, 8U);
  EXPECT_EQ(status->requests->in_flight_peak, 20U);
  EXPECT_EQ(status->requests->queued_peak, 16U);
  EXPECT_EQ(status->requests->completed, 100U);
  EXPECT_EQ(status->requests->rejected, 3U);
}

std::string status_with_facts(const std::string& facts) {
  return R"({"facts": )" + facts + "," + (status_text + 1);
}

TEST(ServerStatus, TellsTheFactsOfTheStrategyWhateverItsName) {
  const auto status = parse_server_status(status_with_facts(
      R"({"worker": "loop", "workers": 1, "holds_worker": false, "at_once": null, "queue": null, "size_key": "",
          "description": "slow and steady"})"));
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->strategy, "fixed-pool");
  EXPECT_EQ(status->facts, (StrategyFacts{.worker = Worker::loop, .workers = 1, .description = "slow and steady"}));
}

TEST(ServerStatus, OfAnOlderServerHasNoFacts) {
  EXPECT_FALSE(parse_server_status(status_text)->facts);
}

TEST(ServerStatus, WithFactsThatAreNoneIsAFailure) {
  const auto status = parse_server_status(status_with_facts(R"({"worker": "hare"})"));
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, testing::HasSubstr("/status:1: worker: must be"));
}

TEST(ServerStatus, WhatIsNotAStatusIsAFailure) {
  for (const char* text : {"", "not found", "[]", "{}", R"({"requests": 3})"}) {
    const auto status = parse_server_status(text);
    ASSERT_FALSE(status) << text;
    EXPECT_THAT(status.error().message, testing::HasSubstr("/status"));
  }
}

TEST(ServerStatus, UsageIsTheDifferenceOfTwo) {
  const ServerStatus begin{.uptime = 1s,
                           .cpu_time = 20ms,
                           .voluntary_switches = 7,
                           .requests = RequestsInside{.completed = 100, .rejected = 1}};
  const ServerStatus end{.uptime = 3s,
                         .cpu_time = 60ms,
                         .voluntary_switches = 9,
                         .requests = RequestsInside{.completed = 500, .rejected = 4}};
  const ServerUsage usage = usage_between(begin, end);
  EXPECT_EQ(usage.span, 2s);
  EXPECT_EQ(usage.completed, 400U);
  EXPECT_EQ(usage.rejected, 3U);
  EXPECT_EQ(usage.cpu_time, 40ms);
  EXPECT_EQ(usage.voluntary_switches, 2U);
  EXPECT_EQ(usage.involuntary_switches, 0U);
}

TEST(ServerStatus, OfAServerThatCannotBeAskedHasNoRequests) {
  const ServerUsage usage = usage_between({.uptime = 1s, .requests = {}}, {.uptime = 3s, .requests = {}});
  EXPECT_EQ(usage.span, 2s);
  EXPECT_EQ(usage.completed, 0U);
  EXPECT_FALSE(usage.rejected);
}

TEST(IdleWait, EndsOnceNothingIsInFlight) {
  const OneAnswer server(status_answer({}));
  EXPECT_TRUE(is_idle_within(server.address(), 30s, {}));
}

TEST(IdleWait, GivesUpOnAServerThatStillHoldsRequests) {
  const OneAnswer busy(status_answer({.in_flight = 3}));
  EXPECT_FALSE(is_idle_within(busy.address(), 0s, {}));
  const OneAnswer queueing(status_answer({.queued = 2}));
  EXPECT_FALSE(is_idle_within(queueing.address(), 0s, {}));
}

TEST(IdleWait, AServerThatDoesNotSayIsNotIdle) {
  EXPECT_FALSE(is_idle_within("127.0.0.1:1", 30s, {}));
}

}  // namespace
}  // namespace waitlab::client
