#include "server/telemetry/views.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

namespace waitlab::server {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

class Status : public testing::Test {
 protected:
  json status() const {
    const StrategyFacts facts{.worker = Worker::loop, .workers = 1, .description = "one thread"};
    return json::parse(
        status_json({"event-loop", facts, 100}, {&pool, &loop}, backend_up, deadlocks, limits, Clock::now()));
  }

  std::optional<bool> backend_up;
  Deadlocks deadlocks;
  ResourceLimits limits;
  Tracer tracer;
  Telemetry pool{"fixed-pool", tracer};
  Telemetry loop{"event-loop", tracer};
};

TEST_F(Status, SaysWhatRuns) {
  const json status = this->status();
  EXPECT_EQ(status["strategy"], "event-loop");
  EXPECT_EQ(status["facts"], json::parse(R"({"worker": "loop", "workers": 1, "holds_worker": false, "at_once": null,
                                             "queue": null, "size_key": "", "description": "one thread",
                                             "holds_when_idle": false, "core": null, "pool": null})"));
  EXPECT_EQ(status["description"], "one thread");
  EXPECT_EQ(status["sizes"]["threads"], 1);
  EXPECT_EQ(status["sizes"]["max_connections"], 100);
  EXPECT_EQ(status["pid"], ::getpid());
  EXPECT_GE(status["threads"], 1);
  EXPECT_GT(status["rss_bytes"], 0);
  EXPECT_GE(status["uptime_seconds"], 0.0);
}

TEST_F(Status, SaysWhetherTheBackendIsUpWhereThatIsKnown) {
  EXPECT_TRUE(status().at("backend_up").is_null());
  backend_up = false;
  EXPECT_EQ(status().at("backend_up"), false);
}

TEST_F(Status, HasEveryKey) {
  const json status = this->status();
  for (const char* path : {"/connections/open",
                           "/connections/accepted_total",
                           "/limits/cpus",
                           "/limits/cpus_usable",
                           "/limits/threads",
                           "/limits/descriptors",
                           "/connections/refused_total",
                           "/connections/refused/max_connections",
                           "/connections/ended/idle_timeout",
                           "/requests/in_flight",
                           "/requests/queued",
                           "/requests/waiting",
                           "/requests/running",
                           "/requests/completed_total",
                           "/requests/in_flight_peak",
                           "/requests/queued_peak",
                           "/answered/2xx",
                           "/answered/5xx",
                           "/rejected/queue_full",
                           "/rejected/max_threads",
                           "/rejected/thread_creation",
                           "/backend/ok",
                           "/backend/refused",
                           "/backend/timed_out",
                           "/backend/failed",
                           "/accounts/transfers/done",
                           "/accounts/transfers/deadlock",
                           "/accounts/transfers/full",
                           "/accounts/retries_total",
                           "/accounts/deadlocks_total",
                           "/request_log/lost_total",
                           "/cpu_seconds",
                           "/context_switches/voluntary",
                           "/context_switches/involuntary",
                           "/admin_thread/cpu_seconds",
                           "/admin_thread/context_switches/voluntary"}) {
    ASSERT_TRUE(status.contains(json::json_pointer(path))) << path;
    EXPECT_TRUE(status[json::json_pointer(path)].is_number()) << path;
  }
}

TEST_F(Status, TellsLimitsAndWhatIsNotLimited) {
  limits.cpus_usable = 4;
  limits.descriptors = 1024;
  EXPECT_EQ(status()["limits"], json::parse(R"({"cpus_usable": 4, "cpu_quota": null, "cpus": 4.0, "memory_bytes": null,
                                                "pids": null, "threads": 0, "descriptors": 1024})"));
  limits.cgroup = {.cpus = 0.5, .memory_bytes = 104857600, .pids = 50};
  limits.threads = {50, "the pids limit"};
  EXPECT_EQ(status()["limits"], json::parse(R"({"cpus_usable": 4, "cpu_quota": 0.5, "cpus": 0.5, "pids": 50,
                                                "memory_bytes": 104857600, "threads": 50, "descriptors": 1024})"));
}

TEST_F(Status, AddsUpEveryStrategyThatHasRun) {
  count_answer(pool.counts.here(), 200);
  count_answer(loop.counts.here(), 200);
  count_answer(loop.counts.here(), 404);
  count(pool.counts.here().opened);
  count(loop.counts.here().opened);
  count(pool.counts.here().refused[Refusal::descriptors]);
  count(loop.counts.here().refused[Refusal::accept_error]);
  const json status = this->status();
  EXPECT_EQ(status["answered"]["2xx"], 2);
  EXPECT_EQ(status["answered"]["4xx"], 1);
  EXPECT_EQ(status["requests"]["completed_total"], 3);
  EXPECT_EQ(status["connections"]["open"], 2);
  EXPECT_EQ(status["connections"]["refused_total"], 2);
  EXPECT_EQ(status["connections"]["refused"]["descriptors"], 1);
}

TEST_F(Status, TellsTheLastDeadlockIfThereWasOne) {
  EXPECT_TRUE(status()["accounts"].at("last_deadlock").is_null());
  deadlocks = {2, "a→b→a", "some-request", Clock::now() - std::chrono::seconds(5)};
  count(pool.counts.here().transfers[TransferOutcome::deadlock], 2);
  const json accounts = status()["accounts"];
  EXPECT_EQ(accounts["deadlocks_total"], 2);
  EXPECT_EQ(accounts["transfers"]["deadlock"], 2);
  EXPECT_EQ(accounts["last_deadlock"]["cycle"], "a→b→a");
  EXPECT_EQ(accounts["last_deadlock"]["victim"], "some-request");
  EXPECT_GE(accounts["last_deadlock"]["ago_seconds"], 5.0);
}

TEST_F(Status, SplitsRequestsInFlightByTheirState) {
  for (int request = 0; request < 6; ++request)
    loop.in_flight.add();
  for (int request = 0; request < 2; ++request)
    loop.queued.add();
  for (int request = 0; request < 3; ++request)
    count(loop.counts.here().waits_begun);
  const json requests = status()["requests"];
  EXPECT_EQ(requests["in_flight"], 6);
  EXPECT_EQ(requests["queued"], 2);
  EXPECT_EQ(requests["waiting"], 3);
  EXPECT_EQ(requests["running"], 1);
}

TEST_F(Status, NeverHasFewerThanNoneRunning) {
  count(loop.counts.here().waits_begun);
  EXPECT_EQ(status()["requests"]["running"], 0);
}

TEST_F(Status, GivesThePeaksOfTheRunningStrategy) {
  for (int request = 0; request < 3; ++request)
    pool.in_flight.add();
  loop.in_flight.add();
  loop.in_flight.remove();
  EXPECT_EQ(status()["requests"]["in_flight_peak"], 1);
}

}  // namespace
}  // namespace waitlab::server
