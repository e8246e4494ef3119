#include "client/commands/capacity_probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::vector<Threshold> thresholds(const std::vector<const char*>& texts) {
  std::vector<Threshold> parsed;
  for (const char* text : texts)
    parsed.push_back(parse_threshold(text).value());
  return parsed;
}

/// A run at 100/s in whose second half of 10 s so many requests completed, each after this time.
LoadResult run_of(std::uint64_t completed, std::chrono::nanoseconds response_time) {
  LoadResult result;
  result.offered_rate = 100;
  result.window = 20s;
  result.connections = 50;
  LoadRecord& record = result.record;
  for (std::uint64_t i = 0; i < completed; ++i) {
    record.begin();
    record.complete({.intended = 0ns, .sent = 0ns, .ended = response_time}, 200);
  }
  record.second_half = {.due = 1000, .completed = completed};
  return result;
}

TEST(JudgeProbe, PassesWhatMeetsTheThresholdsAndKeepsUp) {
  const ProbeOutcome outcome = judge_probe(run_of(1000, 50ms), thresholds({"p99<200ms", "errors<1%"}));
  EXPECT_EQ(outcome.verdict, ProbeVerdict::passed);
  EXPECT_EQ(outcome.why, "");
}

TEST(JudgeProbe, NamesTheThresholdThatIsMissed) {
  const ProbeOutcome outcome = judge_probe(run_of(1000, 300ms), thresholds({"errors<1%", "p99<200ms"}));
  EXPECT_EQ(outcome.verdict, ProbeVerdict::server_failed);
  EXPECT_THAT(outcome.why, HasSubstr("p99<200ms is not met: 300 ms"));
}

// 97 % of 1,000 less 3 sqrt(1000) is 875.1.
TEST(JudgeProbe, AllowsThePoissonNoiseOfACountAndNoMore) {
  EXPECT_EQ(judge_probe(run_of(876, 50ms), {}).verdict, ProbeVerdict::passed);
  const ProbeOutcome outcome = judge_probe(run_of(875, 50ms), {});
  EXPECT_EQ(outcome.verdict, ProbeVerdict::server_failed);
  EXPECT_THAT(outcome.why, HasSubstr("1000 responses were due and 875 came"));
}

TEST(JudgeProbe, BlamesTheClientForARunThatIsNotValid) {
  LoadResult result = run_of(1000, 300ms);
  result.invalid_because = {"the client itself was late"};
  const ProbeOutcome outcome = judge_probe(result, thresholds({"p99<200ms"}));
  EXPECT_EQ(outcome.verdict, ProbeVerdict::client_failed);
  EXPECT_EQ(outcome.why, "the client itself was late");
}

TEST(JudgeProbe, BlamesTheServerIfItsServiceTimesAloneMissTheThresholdsOverEveryConnection) {
  LoadResult result = run_of(1000, 300ms);
  result.record.waited_for_connection = 500;
  result.invalid_because = {"all 50 connections were busy"};
  EXPECT_EQ(judge_probe(result, thresholds({"p99<200ms"})).verdict, ProbeVerdict::server_failed);
  EXPECT_EQ(judge_probe(result, thresholds({"p99<400ms"})).verdict, ProbeVerdict::client_failed);
  result.load_threads = {{.cpu_share = 0.95}};
  EXPECT_EQ(judge_probe(result, thresholds({"p99<200ms"})).verdict, ProbeVerdict::client_failed);
}

TEST(JudgeProbe, BlamesTheServerIfNothingCompletes) {
  LoadResult result;
  result.offered_rate = 100;
  result.window = 10s;
  result.record.begin();
  result.record.fail(ErrorKind::connect_refused, "Connection refused");
  result.invalid_because = {"no request completed"};
  const ProbeOutcome outcome = judge_probe(result, {});
  EXPECT_EQ(outcome.verdict, ProbeVerdict::server_failed);
  EXPECT_THAT(outcome.why, HasSubstr("Connection refused"));
}

TEST(JudgeProbe, CallsNoErrorAnswerServed) {
  LoadResult result = run_of(0, 1ms);
  for (int i = 0; i < 1000; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0ns, .sent = 0ns, .ended = 1ms}, 404);
  }
  result.record.second_half = {.due = 1000, .completed = 1000};
  const ProbeOutcome outcome = judge_probe(result, thresholds({"p99<200ms", "errors<1%"}));
  EXPECT_EQ(outcome.verdict, ProbeVerdict::server_failed);
  EXPECT_THAT(outcome.why, HasSubstr("errors<1% is not met: 1000 of 1000 requests"));
}

TEST(ProbeWarmup, GrowsForASlowServer) {
  EXPECT_EQ(probe_warmup(1s, std::nullopt), 1s);
  EXPECT_EQ(probe_warmup(1s, 50ms), 1s);
  EXPECT_EQ(probe_warmup(1s, 3s), 9s);
}

TEST(ProbeTime, GrowsWhereAPercentileNeedsTheSamples) {
  EXPECT_EQ(probe_time(5s, 1000, thresholds({"p99<1s"})), 5s);
  EXPECT_NEAR(std::chrono::duration<double>(probe_time(5s, 10, thresholds({"p50<1s", "p99<1s"}))).count(), 20, 1e-6);
  EXPECT_EQ(probe_time(5s, 10, thresholds({"errors<1%"})), 5s);
}

}  // namespace
}  // namespace waitlab::client
