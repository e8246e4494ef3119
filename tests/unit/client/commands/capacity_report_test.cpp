#include "client/commands/capacity_report.hpp"

#include "common/text/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace waitlab::client {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* long_reason =
    "all 4096 connections were busy and 123456 requests had to wait inside the client: raise --max-connections or "
    "lower";

Probe probe_at(double rate, ProbeVerdict verdict, const char* why) {
  Probe probe;
  probe.rate = rate;
  probe.outcome = {verdict, why};
  return probe;
}

CapacityResult found(ProbeVerdict verdict) {
  CapacityResult result;
  result.probes = {probe_at(400, ProbeVerdict::passed, ""), probe_at(412.5, verdict, "first reason"),
                   probe_at(412.5, verdict, "second reason")};
  result.highest_passed = 400;
  result.lowest_failed = CapacitySearch::Failed{412.5, verdict};
  return result;
}

TEST(CapacityReport, FitsATerminal) {
  std::istringstream lines(begin_text(found(ProbeVerdict::passed)) +
                           probe_text(probe_at(99'990, ProbeVerdict::client_failed, long_reason)));
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(columns_of(line), terminal_columns) << line;
}

TEST(CapacityReport, TellsServerFromClient) {
  const std::string server = verdict_text(found(ProbeVerdict::server_failed));
  EXPECT_THAT(server, HasSubstr("Highest rate that passed: 400/s."));
  EXPECT_THAT(server, HasSubstr("The server failed at 412.5/s: second reason."));
  EXPECT_THAT(verdict_text(found(ProbeVerdict::client_failed)), HasSubstr("The client could not put on 412.5/s"));
  EXPECT_EQ(to_json(found(ProbeVerdict::client_failed)).at("gave_out"), "client");
}

TEST(CapacityReport, SaysHowSureTheRateIs) {
  CapacityResult result = found(ProbeVerdict::server_failed);
  result.confirmation = {.passed = 2, .of = 3};
  EXPECT_THAT(verdict_text(result),
              HasSubstr("Highest rate that passed: 400/s, in 2 of 3 longer probes. The limit lies between\n"
                        "400/s and 412.5/s."));
  EXPECT_EQ(to_json(result).at("confirmed"), 2);
  EXPECT_EQ(to_json(result).at("longer_probes"), 3);
  EXPECT_TRUE(to_json(found(ProbeVerdict::server_failed)).at("confirmed").is_null());
}

TEST(CapacityReport, SaysWhyItEndedEarlyAndWhatToDo) {
  CapacityResult result = found(ProbeVerdict::server_failed);
  result.unloaded = std::chrono::milliseconds(41);
  result.not_recovered = NotRecovered{.from = 412.5, .takes = std::chrono::milliseconds(1200)};
  EXPECT_THAT(verdict_text(result),
              HasSubstr("The server has not recovered from 412.5/s within 30 s: a single request still\n"
                        "takes 1.20 s (41 ms before the search)."));
  EXPECT_THAT(verdict_text(result), HasSubstr("Highest rate that passed: 400/s."));
  EXPECT_EQ(to_json(result).at("not_recovered_from"), 412.5);
  result.not_recovered.reset();
  result.spoilt = true;
  EXPECT_THAT(verdict_text(result), HasSubstr("Probe after probe was spoilt"));
}

TEST(CapacityReport, KeepsWhatWasFoundUntilAnInterruption) {
  CapacityResult result;
  result.probes = {probe_at(400, ProbeVerdict::passed, "")};
  result.highest_passed = 400;
  result.interrupted = true;
  EXPECT_THAT(verdict_text(result), HasSubstr("Interrupted"));
  EXPECT_THAT(verdict_text(result), HasSubstr("400/s"));
  EXPECT_THAT(verdict_text(result), Not(HasSubstr("--max-rate")));
}

TEST(CapacityReport, SaysWhatMustHoldAndWhatOfItWasNotAskedFor) {
  CapacityResult result;
  result.url = "http://127.0.0.1:8080/wait";
  result.thresholds = {"p99<200ms", "errors<1%"};
  result.implied_threshold = "errors<1%";
  EXPECT_THAT(begin_text(result), HasSubstr("\nMust hold: p99<200ms, errors<1% (errors<1% is implied).\n"));
  EXPECT_THAT(begin_text(result), HasSubstr("offered     achieved"));
  EXPECT_EQ(to_json(result).at("implied_threshold"), "errors<1%");
  EXPECT_EQ(to_json(result).at("thresholds").size(), 2u);
  result.thresholds = {"errors<5%"};
  result.implied_threshold.reset();
  EXPECT_THAT(begin_text(result), HasSubstr("Must hold: errors<5%.\n"));
  EXPECT_TRUE(to_json(result).at("implied_threshold").is_null());
}

TEST(CapacityReport, HoldsEveryProbeInItsJson) {
  const auto json = to_json(found(ProbeVerdict::server_failed));
  EXPECT_EQ(json.at("highest_passed"), 400);
  EXPECT_EQ(json.at("lowest_failed"), 412.5);
  ASSERT_EQ(json.at("probes").size(), 3u);
  EXPECT_EQ(json.at("probes").at(2).at("why"), "second reason");
  EXPECT_EQ(json.at("probes").at(2).at("verdict"), "server_failed");
  EXPECT_TRUE(json.at("probes").at(0).at("response_time_us").at("p99").is_null());
}

}  // namespace
}  // namespace waitlab::client
