#include "server/telemetry/views.hpp"

#include <gmock/gmock.h>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class Metrics : public testing::Test {
 protected:
  std::string text() const { return prometheus_text({&pool, &loop}, backend_up); }

  std::optional<bool> backend_up;
  Tracer tracer;
  Telemetry pool{"fixed-pool", tracer};
  Telemetry loop{"event-loop", tracer};
};

TEST_F(Metrics, HaveEveryFamilyWithHelpAndType) {
  const std::string text = this->text();
  for (const std::string family : {"waitlab_requests_total counter",
                                   "waitlab_requests_rejected_total counter",
                                   "waitlab_requests_in_flight gauge",
                                   "waitlab_request_duration_seconds histogram",
                                   "waitlab_queue_duration_seconds histogram",
                                   "waitlab_backend_duration_seconds histogram",
                                   "waitlab_backend_calls_total counter",
                                   "waitlab_transfers_total counter",
                                   "waitlab_transfer_retries_total counter",
                                   "waitlab_connections gauge",
                                   "waitlab_connections_accepted_total counter",
                                   "waitlab_connections_refused_total counter",
                                   "waitlab_connections_ended_total counter",
                                   "process_cpu_seconds_total counter",
                                   "process_resident_memory_bytes gauge",
                                   "process_threads gauge",
                                   "process_voluntary_context_switches_total counter",
                                   "process_involuntary_context_switches_total counter",
                                   "process_virtual_memory_bytes gauge",
                                   "process_open_fds gauge",
                                   "process_max_fds gauge",
                                   "process_start_time_seconds gauge",
                                   "waitlab_loop_lag_seconds histogram",
                                   "waitlab_build_info gauge",
                                   "waitlab_strategy_running gauge"}) {
    EXPECT_THAT(text, HasSubstr("# TYPE " + family + "\n"));
    EXPECT_THAT(text, HasSubstr("# HELP " + family.substr(0, family.find(' ')) + " "));
  }
}

TEST_F(Metrics, TellWhetherTheBackendIsUpWhereThatIsKnown) {
  EXPECT_THAT(text(), Not(HasSubstr("waitlab_backend_up")));
  backend_up = true;
  EXPECT_THAT(text(), HasSubstr("\nwaitlab_backend_up 1\n"));
  backend_up = false;
  EXPECT_THAT(text(), HasSubstr("\nwaitlab_backend_up 0\n"));
}

TEST_F(Metrics, TellStrategiesApart) {
  count_answer(pool.counts.here(), 200);
  count_answer(loop.counts.here(), 503);
  EXPECT_THAT(text(), HasSubstr("waitlab_requests_total{strategy=\"fixed-pool\",status=\"2xx\"} 1\n"));
  EXPECT_THAT(text(), HasSubstr("waitlab_requests_total{strategy=\"fixed-pool\",status=\"5xx\"} 0\n"));
  EXPECT_THAT(text(), HasSubstr("waitlab_requests_total{strategy=\"event-loop\",status=\"5xx\"} 1\n"));
}

TEST_F(Metrics, TellEveryReasonApart) {
  count(pool.counts.here().rejected[Rejection::queue_full]);
  count(pool.counts.here().refused[Refusal::descriptors]);
  count(pool.counts.here().endings[Ending::write_failed]);
  count(pool.counts.here().backend[BackendOutcome::timed_out]);
  count(pool.counts.here().transfers[TransferOutcome::deadlock]);
  const std::string text = this->text();
  for (const std::string one : {"requests_rejected_total{strategy=\"fixed-pool\",reason=\"queue_full\"}",
                                "connections_refused_total{strategy=\"fixed-pool\",reason=\"descriptors\"}",
                                "connections_ended_total{strategy=\"fixed-pool\",reason=\"write_failed\"}",
                                "backend_calls_total{strategy=\"fixed-pool\",outcome=\"timed_out\"}",
                                "transfers_total{strategy=\"fixed-pool\",outcome=\"deadlock\"}"}) {
    EXPECT_THAT(text, HasSubstr("waitlab_" + one + " 1\n"));
  }
  EXPECT_THAT(text, HasSubstr("waitlab_requests_rejected_total{strategy=\"fixed-pool\",reason=\"max_threads\"} 0\n"));
}

TEST_F(Metrics, SplitRequestsInFlightByTheirState) {
  for (int request = 0; request < 6; ++request)
    loop.in_flight.add();
  for (int request = 0; request < 2; ++request)
    loop.queued.add();
  for (int request = 0; request < 3; ++request)
    count(loop.counts.here().waits_begun);
  EXPECT_THAT(text(), HasSubstr("waitlab_requests_in_flight{strategy=\"event-loop\",state=\"queued\"} 2\n"));
  EXPECT_THAT(text(), HasSubstr("waitlab_requests_in_flight{strategy=\"event-loop\",state=\"waiting\"} 3\n"));
  EXPECT_THAT(text(), HasSubstr("waitlab_requests_in_flight{strategy=\"event-loop\",state=\"running\"} 1\n"));
}

TEST_F(Metrics, AccumulateTheBucketsOfAHistogram) {
  for (const auto duration : {50us, 60us, 2000us, 60000000us})
    count(loop.counts.here().request_time, duration);
  const std::string text = this->text();
  EXPECT_THAT(text, HasSubstr("waitlab_request_duration_seconds_count{strategy=\"event-loop\"} 4\n"));
  EXPECT_THAT(text, ContainsRegex("waitlab_request_duration_seconds_sum.strategy=\"event-loop\". 60.0021"));
  EXPECT_THAT(text, HasSubstr("_bucket{strategy=\"event-loop\",le=\"0.001\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("_bucket{strategy=\"event-loop\",le=\"0.0025\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("_bucket{strategy=\"event-loop\",le=\"10\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("_bucket{strategy=\"event-loop\",le=\"+Inf\"} 4\n"));
}

TEST_F(Metrics, HaveLoopLagOnlyOfStrategiesWithALoop) {
  count(loop.counts.here().loop_lag, 3ms);
  EXPECT_THAT(text(), HasSubstr("waitlab_loop_lag_seconds_count{strategy=\"event-loop\"} 1\n"));
  EXPECT_THAT(text(), Not(HasSubstr("waitlab_loop_lag_seconds_count{strategy=\"fixed-pool\"}")));
}

TEST_F(Metrics, SayWhichStrategyRunsAndWhichRanBefore) {
  EXPECT_THAT(text(), HasSubstr("waitlab_strategy_running{strategy=\"fixed-pool\"} 0\n"));
  EXPECT_THAT(text(), HasSubstr("waitlab_strategy_running{strategy=\"event-loop\"} 1\n"));
  EXPECT_THAT(text(), HasSubstr("waitlab_build_info{version=\"" WAITLAB_VERSION "\"} 1\n"));
}

TEST_F(Metrics, OfTheProcessBelongToNoStrategy) {
  EXPECT_THAT(text(), ContainsRegex("\nprocess_threads [1-9]"));
  EXPECT_THAT(text(), ContainsRegex("\nprocess_resident_memory_bytes [1-9]"));
  EXPECT_THAT(text(), Not(HasSubstr("process_threads{")));
}

}  // namespace
}  // namespace waitlab::server
