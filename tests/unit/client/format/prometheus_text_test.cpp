#include "client/format/prometheus_text.hpp"

#include "tests/unit/client/format/sample_results.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string labels = R"({url="http://localhost:8080/wait",method="GET")";

TEST(PrometheusText, CountsRequestsErrorsAndStatuses) {
  const std::string text = prometheus_text(rich_result());
  EXPECT_THAT(text, HasSubstr("waitlab_client_requests_total" + labels + R"(,outcome="completed"} 300)"));
  EXPECT_THAT(text, HasSubstr("waitlab_client_requests_total" + labels + R"(,outcome="timed_out"} 2)"));
  EXPECT_THAT(text, HasSubstr("waitlab_client_errors_total" + labels + R"(,kind="reset"} 2)"));
  EXPECT_THAT(text, HasSubstr("waitlab_client_errors_total" + labels + R"(,kind="tls_failed"} 0)"));
  EXPECT_THAT(text, HasSubstr("waitlab_client_responses_total" + labels + R"(,status="503"} 6)"));
}

TEST(PrometheusText, SaysWhatBecameOfTheRun) {
  const std::string text = prometheus_text(rich_result());
  EXPECT_THAT(text, HasSubstr("waitlab_client_offered_rate" + labels + "} 150"));
  EXPECT_THAT(text, HasSubstr("waitlab_client_run_valid" + labels + "} 0"));
  EXPECT_THAT(text, HasSubstr("waitlab_client_threshold_met" + labels + R"(,threshold="p99<200ms"} 0)"));
  EXPECT_THAT(text, HasSubstr("waitlab_client_threshold_met" + labels + R"(,threshold="errors<10%"} 1)"));
}

TEST(PrometheusText, PutsATimedOutRequestIntoNoBucketButTheLast) {
  LoadResult result = poor_result();
  for (const auto time : {1ms, 3ms, 100ms, 2100ms})
    result.record.complete({.intended = 0s, .sent = 0s, .ended = time}, 200);
  result.record.time_out(ErrorKind::timeout, {.intended = 0s, .sent = 1ms, .ended = 2s}, 2s);
  const std::string text = prometheus_text(result);
  const auto bucket = [](const std::string& bound, int count) {
    return "waitlab_client_response_time_seconds_bucket" + labels + ",le=\"" + bound + "\"} " + std::to_string(count);
  };
  EXPECT_THAT(text, AllOf(HasSubstr(bucket("0.0005", 0)), HasSubstr(bucket("0.001", 1)), HasSubstr(bucket("0.0025", 1)),
                          HasSubstr(bucket("0.005", 2)), HasSubstr(bucket("0.1", 3))));
  EXPECT_THAT(text, AllOf(HasSubstr(bucket("1", 3)), HasSubstr(bucket("2.5", 4)), HasSubstr(bucket("10", 4)),
                          HasSubstr(bucket("+Inf", 5))));
  EXPECT_THAT(text, HasSubstr("waitlab_client_response_time_seconds_count" + labels + "} 5"));
}

TEST(PrometheusText, HasEveryPercentileThatItsSamplesCarry) {
  LoadResult result = poor_result();
  for (int i = 1; i <= 100; ++i)
    result.record.complete({.intended = 0s, .sent = 0s, .ended = 10us * i}, 200);
  const auto line = [](double quantile, const char* value) {
    return fmt::format("waitlab_client_response_time_percentile_seconds{},percentile=\"{:g}\"}} {}", labels,
                       100 * quantile, value);
  };
  for (const Quantile& quantile : shown_quantiles) {
    EXPECT_EQ(prometheus_text(result).find(line(quantile.share, "")) != std::string::npos, quantile.share <= 0.99)
        << quantile.key;
  }
  result.record.time_out(ErrorKind::timeout, {.intended = 0s, .sent = 0s, .ended = 700us}, 700us);
  EXPECT_THAT(prometheus_text(result), AllOf(HasSubstr(line(0.99, "+Inf")), Not(HasSubstr(line(0.5, "+Inf")))));
}

TEST(PrometheusText, EscapesLabels) {
  LoadResult result = poor_result();
  result.url = "http://localhost/\"a\\b\"\n";
  EXPECT_THAT(prometheus_text(result), HasSubstr(R"(url="http://localhost/\"a\\b\"\n")"));
}

TEST(PrometheusText, LeavesOutWhatAClosedLoopDoesNotHave) {
  EXPECT_THAT(prometheus_text(poor_result()), Not(AllOf(HasSubstr("offered_rate"), HasSubstr("schedule_lag"))));
}

}  // namespace
}  // namespace waitlab::client
