#include "client/format/result_json.hpp"

#include "tests/unit/client/format/sample_results.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

LoadResult small_result() {
  LoadResult result;
  result.offered_rate = 100;
  result.window = 2s;
  result.command = "waitlab-client run";
  result.started_at = "2026-01-02T03:04:05.678Z";
  for (int i = 0; i < 2; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0s, .sent = 1ms, .ended = 5ms}, 200);
    result.record.schedule_lag.record(1ms);
  }
  result.record.completed_in_window = 2;
  result.record.begin();
  result.record.fail(ErrorKind::reset, "reset");
  return result;
}

TEST(ResultJson, HasThePublishedKeys) {
  const auto json = to_json(small_result());
  for (const char* key : {"schema_version", "requests", "errors", "statuses", "rate", "response_time_us",
                          "service_time_us", "schedule_lag_us", "valid", "invalid_because", "thresholds", "histograms",
                          "machine", "command", "started_at"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["requests"]["sent"], 3);
  EXPECT_EQ(json["requests"]["failed"], 1);
  EXPECT_EQ(json["errors"], nlohmann::ordered_json({{"reset", 1}}));
  EXPECT_EQ(json["statuses"], nlohmann::ordered_json({{"200", 2}}));
  EXPECT_EQ(json["rate"]["offered"], 100.0);
  EXPECT_EQ(json["rate"]["achieved"], 1.0);
}

TEST(ResultJson, GivesTimesInMicroseconds) {
  const auto json = to_json(small_result());
  EXPECT_NEAR(json["response_time_us"]["p50"].get<double>(), 5000, 5);
  EXPECT_NEAR(json["service_time_us"]["max"].get<double>(), 4000, 4);
  EXPECT_NEAR(json["schedule_lag_us"]["max"].get<double>(), 1000, 1);
}

TEST(ResultJson, SaysNullWhereThereIsNoFigure) {
  const auto json = to_json(small_result());
  EXPECT_TRUE(json["response_time_us"]["p99"].is_null());
  const auto empty = to_json(LoadResult{});
  EXPECT_TRUE(empty["response_time_us"]["mean"].is_null());
  EXPECT_TRUE(empty["rate"]["offered"].is_null());
  EXPECT_TRUE(empty["schedule_lag_us"]["p99"].is_null());
}

TEST(ResultJson, HoldsHistogramsThatReadBack) {
  const auto json = to_json(small_result());
  const auto histogram = HdrHistogram::decode(json["histograms"]["response_time"].get<std::string>());
  ASSERT_TRUE(histogram);
  EXPECT_EQ(histogram->count(), 2u);
}

TEST(ResultJson, KeepsTheTimesOfErrorsApartWhereThereAreAny) {
  EXPECT_FALSE(to_json(small_result())["histograms"].contains("unwanted_response_time"));
  EXPECT_FALSE(to_json(small_result())["rate"].contains("unwanted_in_window"));
  const auto json = to_json(rich_result());
  const auto times = HdrHistogram::decode(json["histograms"]["unwanted_response_time"].get<std::string>());
  ASSERT_TRUE(times);
  EXPECT_EQ(times->count(), 6u);
  EXPECT_EQ(json["rate"]["unwanted_in_window"], 4);
}

TEST(ResultJson, NamesTheTimesThatAreLowerBounds) {
  LoadResult result;
  EXPECT_EQ(to_json(result)["response_time_us"]["at_least"], nlohmann::ordered_json::array());
  for (int i = 0; i < 2; ++i) {
    result.record.begin();
    result.record.time_out(ErrorKind::timeout, {}, 2s);
  }
  const auto times = to_json(result)["response_time_us"];
  EXPECT_EQ(times["at_least"], nlohmann::ordered_json({"min", "mean", "max", "p50"}));
  EXPECT_EQ(times["censored"], 2);
  EXPECT_EQ(to_json(result)["notes"].size(), 1u);
}

TEST(ResultJson, SaysWhyARunIsInvalid) {
  LoadResult result = small_result();
  result.invalid_because = {"because"};
  EXPECT_EQ(to_json(result)["valid"], false);
  EXPECT_EQ(to_json(result)["invalid_because"][0], "because");
}

TEST(ResultJson, GivesEachPercentileAnIntervalAndItsEffectiveSamples) {
  const auto times = to_json(rich_result())["response_time_us"];
  EXPECT_EQ(times["effective_samples"]["p90"], 160.5);
  EXPECT_TRUE(times["effective_samples"]["p999"].is_null());
  EXPECT_LT(times["ci95"]["p50"][0], times["p50"]);
  EXPECT_GT(times["ci95"]["p50"][1], times["p50"]);
  EXPECT_TRUE(times["ci95"]["p99"][1].is_null()) << "the highest samples timed out";
  EXPECT_TRUE(times["ci95"]["p999"].is_null()) << "302 samples carry no p999";
}

TEST(ResultJson, SplitsTheResponseTime) {
  const auto split = to_json(rich_result())["split"];
  EXPECT_EQ(split["requests"], 294);
  EXPECT_EQ(split["told_by_server"], 144);
  EXPECT_NEAR(split["all"]["client_queue_us"].get<double>(), 123, 1e-6);
  EXPECT_NEAR(split["all"]["connect_us"].get<double>(), 55, 1e-6);
  EXPECT_GE(split["slowest"]["share"].get<double>(), 0.01);
  EXPECT_TRUE(to_json(poor_result())["split"]["all"].is_null());
}

TEST(ResultJson, GivesEachStepItsOwnFigures) {
  const auto steps = to_json(rich_result())["steps"];
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[1]["rate"]["offered"], 200.0);
  EXPECT_EQ(steps[1]["begin_s"], 1.5);
  EXPECT_EQ(steps[1]["requests"]["sent"], 153);
  EXPECT_GT(steps[1]["response_time_us"]["p50"], steps[0]["response_time_us"]["p50"]);
}

TEST(ResultJson, HoldsWhatTheRunWasAndHowItWasJudged) {
  const auto json = to_json(rich_result());
  EXPECT_EQ(json["timeout_ms"], 2000.0);
  EXPECT_EQ(json["connections"]["cap"], 10);
  EXPECT_EQ(json["connections"]["waited"], 6);
  EXPECT_EQ(json["error_examples"]["reset"], "Connection \"reset\" by peer");
  EXPECT_EQ(json["targets"][1]["path"], "/counter");
  EXPECT_EQ(json["thresholds"][0],
            nlohmann::ordered_json({{"threshold", "p99<200ms"}, {"met", false}, {"found", "231 ms"}}));
  EXPECT_EQ(json["arrivals"]["ks_distance"], 0.0625);
  EXPECT_EQ(json["arrivals"]["fits"], false);
  EXPECT_EQ(json["client"]["threads"][1]["cpu_share"], 0.5);
  EXPECT_EQ(json["listen_overflows"], 12);
  EXPECT_EQ(json["nagle_stalls"], 12);
  EXPECT_EQ(json["cpu_loss"], nlohmann::ordered_json::parse(R"({"stolen": 0.02, "throttled": 0.5})"));
  EXPECT_EQ(json["detour"], "port 8080 is published by Docker");
  EXPECT_EQ(json["aborted"], true);
}

}  // namespace
}  // namespace waitlab::client
