#include "client/report/result_merge.hpp"

#include "client/format/result_json.hpp"
#include "tests/unit/client/format/sample_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A valid run of `window` that was offered `rate` and completed as many requests as that makes, all of `time`.
LoadResult run_at(const std::string& started_at, double rate, std::chrono::seconds window,
                  std::chrono::milliseconds time) {
  LoadResult result = poor_result();
  result.interrupted = false;
  result.invalid_because.clear();
  result.started_at = started_at;
  result.offered_rate = rate;
  result.arrivals = "constant";
  result.window = window;
  result.record.completed_in_window = static_cast<std::uint64_t>(rate * std::chrono::duration<double>(window).count());
  for (std::uint64_t i = 0; i < result.record.completed_in_window; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0s, .sent = 0s, .ended = time}, 200);
  }
  return result;
}

constexpr auto noon = "2026-01-02T12:00:00.000Z";
constexpr auto just_after_noon = "2026-01-02T12:00:00.300Z";
constexpr auto ten_seconds_later = "2026-01-02T12:00:10.000Z";

TEST(ResultMerge, LeavesASingleResultAsItIs) {
  const MergedResult merged = merge_results({rich_result()});
  EXPECT_EQ(to_json(merged.result), to_json(rich_result()));
  EXPECT_EQ(merged.how, "one run, as it was");
  EXPECT_THAT(merged.warnings, IsEmpty());
}

TEST(ResultMerge, HasNoTimelineOfSeveralRuns) {
  const LoadResult run = rich_result();
  LoadResult other = run_at(ten_seconds_later, 20, 10s, 5ms);
  other.timeline = run.timeline;
  EXPECT_EQ(merge_results({run, other}).result.timeline, RunSeries{});
}

TEST(ResultMerge, KeepsTheDetourOfAnyRun) {
  LoadResult other = run_at(just_after_noon, 20, 10s, 5ms);
  other.detour = "port 8080 is published by Docker";
  EXPECT_EQ(merge_results({run_at(noon, 20, 10s, 5ms), other}).result.detour, other.detour);
}

TEST(ResultMerge, AddsTheRatesOfRunsSideBySide) {
  const MergedResult merged = merge_results({run_at(noon, 20, 10s, 5ms), run_at(just_after_noon, 20, 10s, 50ms)});
  EXPECT_EQ(merged.how, "2 runs side by side: their rates add up over one window of 10.00 s");
  EXPECT_EQ(merged.result.window, 10s);
  EXPECT_EQ(merged.result.offered_rate, 40);
  EXPECT_EQ(merged.result.achieved_rate(), 40);
  EXPECT_EQ(merged.result.connections, 20u);
  EXPECT_EQ(merged.result.threads, 2u);
  EXPECT_EQ(merged.result.started_at, noon);
  EXPECT_THAT(merged.warnings, IsEmpty());
}

TEST(ResultMerge, AddsTheWindowsOfRunsOneAfterAnother) {
  const MergedResult merged = merge_results({run_at(noon, 30, 10s, 5ms), run_at(ten_seconds_later, 60, 5s, 50ms)});
  EXPECT_EQ(merged.how, "2 runs one after another: their windows add up to 15.00 s");
  EXPECT_EQ(merged.result.window, 15s);
  EXPECT_EQ(merged.result.offered_rate, 40);
  EXPECT_EQ(merged.result.achieved_rate(), 40);
  EXPECT_EQ(merged.result.connections, 10u);
  EXPECT_THAT(merged.warnings, Contains("the runs differ in their offered rates: 30/s, 60/s"));
}

TEST(ResultMerge, TellsGroupsOfRunsApart) {
  const MergedResult merged = merge_results({run_at(noon, 20, 10s, 5ms), run_at(just_after_noon, 20, 10s, 5ms),
                                             run_at("2026-01-02T12:01:00.000Z", 40, 10s, 5ms)});
  EXPECT_THAT(merged.how, HasSubstr("3 runs in 2 groups"));
  EXPECT_EQ(merged.result.offered_rate, 40);
  EXPECT_EQ(merged.result.window, 20s);
}

TEST(ResultMerge, AddsHistogramsAndEffectiveSamplesExactly) {
  LoadResult fast = run_at(noon, 20, 10s, 5ms);
  LoadResult slow = run_at(ten_seconds_later, 20, 10s, 50ms);
  fast.record.response_time.effective_samples = {150, 100, 0, 0};
  slow.record.response_time.effective_samples = {200, 0, 0, 0};
  const LoadResult merged = merge_results({fast, slow}).result;
  HdrHistogram both = fast.record.response_time.values;
  both.merge(slow.record.response_time.values);
  EXPECT_EQ(merged.record.response_time.values.encode(), both.encode());
  EXPECT_EQ(merged.record.requests.sent, 400u);
  EXPECT_EQ(merged.record.response_time.effective_samples[0], 150 + 200);
  EXPECT_EQ(merged.record.response_time.effective_samples[1], 0) << "not known of one";
}

TEST(ResultMerge, CountsTheEffectiveSamplesOfRunsSideBySideOnce) {
  LoadResult a = run_at(noon, 20, 10s, 5ms);
  LoadResult b = run_at(just_after_noon, 20, 10s, 50ms);
  a.record.response_time.effective_samples = {150, 100, 50, 20};
  b.record.response_time.effective_samples = {120, 110, 50, 0};
  EXPECT_EQ(merge_results({a, b}).result.record.response_time.effective_samples, (EffectiveSamples{150, 110, 50, 0}));
}

TEST(ResultMerge, TakesRunsThatHardlyOverlapForOneAfterAnother) {
  const MergedResult merged =
      merge_results({run_at(noon, 20, 10s, 5ms), run_at("2026-01-02T12:00:09.000Z", 20, 10s, 5ms),
                     run_at("2026-01-02T12:00:18.000Z", 20, 10s, 5ms)});
  EXPECT_EQ(merged.how, "3 runs one after another: their windows add up to 30.00 s");
  EXPECT_EQ(merged.result.offered_rate, 20);
  EXPECT_THAT(merged.warnings, Contains(HasSubstr("overlap by up to 1.00 s")));
}

TEST(ResultMerge, WarnsOfAResultThatIsAMerge) {
  LoadResult merge = run_at(ten_seconds_later, 20, 10s, 5ms);
  merge.command = "waitlab-client merge a.json b.json";
  EXPECT_THAT(merge_results({run_at(noon, 20, 10s, 5ms), merge}).warnings, Contains(HasSubstr("itself a merge")));
}

TEST(ResultMerge, KeepsTheThresholdThatAbortedARun) {
  LoadResult aborted = run_at(noon, 20, 10s, 5ms);
  aborted.aborted = true;
  aborted.aborted_by = {"errors<1%", false, "110 of 10500 requests, 1.05 %"};
  aborted.thresholds = {*aborted.aborted_by};
  const LoadResult merged = merge_results({aborted, run_at(ten_seconds_later, 20, 10s, 5ms)}).result;
  ASSERT_EQ(merged.thresholds.size(), 1u);
  EXPECT_FALSE(merged.thresholds[0].met);
}

TEST(ResultMerge, DoesNotDependOnTheOrder) {
  LoadResult other = rich_result();
  other.address = "127.0.0.2:8080";
  other.record.fail(ErrorKind::reset, "another example");
  std::vector<LoadResult> results{rich_result(), other, run_at(ten_seconds_later, 20, 10s, 5ms), poor_result()};
  const std::string first = to_json(merge_results(results).result).dump();
  std::reverse(results.begin(), results.end());
  EXPECT_EQ(to_json(merge_results(results).result).dump(), first);
  std::swap(results[0], results[1]);
  EXPECT_EQ(to_json(merge_results(results).result).dump(), first);
}

TEST(ResultMerge, TellsRunsApartThatBeganTogetherOnlyByTheirTimes) {
  const LoadResult fast = run_at(noon, 20, 10s, 5ms);
  LoadResult slow = run_at(noon, 20, 10s, 50ms);
  slow.method = "HEAD";
  const MergedResult one_way = merge_results({fast, slow});
  const MergedResult other_way = merge_results({slow, fast});
  EXPECT_EQ(to_json(one_way.result), to_json(other_way.result));
  EXPECT_EQ(one_way.result.method, fast.method);
}

TEST(ResultMerge, KeepsStepsAndTargetsThatAreTheSame) {
  LoadResult other = rich_result();
  other.address = "127.0.0.2:8080";
  const MergedResult merged = merge_results({rich_result(), other});
  ASSERT_EQ(merged.result.steps.size(), 2u);
  EXPECT_EQ(merged.result.steps[1].from_rate, 400);
  EXPECT_EQ(merged.result.steps[1].window, 1623ms);
  EXPECT_EQ(merged.result.steps[1].record.requests.sent, 306u);
  ASSERT_EQ(merged.result.record.targets.size(), 2u);
  EXPECT_EQ(merged.result.record.targets[1].completed, 300u);
}

TEST(ResultMerge, LeavesOutStepsAndTargetsThatDiffer) {
  const MergedResult merged = merge_results({rich_result(), run_at(ten_seconds_later, 20, 10s, 5ms)});
  EXPECT_THAT(merged.result.steps, IsEmpty());
  EXPECT_THAT(merged.result.record.targets, IsEmpty());
  EXPECT_THAT(merged.warnings, Contains(HasSubstr("differ in their steps")));
  EXPECT_THAT(merged.warnings, Contains(HasSubstr("differ in their targets")));
}

TEST(ResultMerge, IsInvalidIfAnyResultIs) {
  const MergedResult merged = merge_results({run_at(noon, 20, 10s, 5ms), poor_result(), poor_result()});
  EXPECT_THAT(merged.result.invalid_because, testing::ElementsAre("it was interrupted"));
  EXPECT_TRUE(merged.result.interrupted);
}

TEST(ResultMerge, HoldsThresholdsAgainstTheWhole) {
  LoadResult fast = run_at(noon, 20, 10s, 5ms);
  LoadResult slow = run_at(ten_seconds_later, 20, 10s, 50ms);
  fast.thresholds = {{"p90<20ms", true, "5 ms"}};
  slow.thresholds = {{"p90<20ms", false, "50 ms"}};
  const LoadResult merged = merge_results({fast, slow}).result;
  ASSERT_EQ(merged.thresholds.size(), 1u);
  EXPECT_FALSE(merged.thresholds[0].met);
}

TEST(ResultMerge, WarnsOfResultsThatDiffer) {
  LoadResult other = run_at(ten_seconds_later, 20, 10s, 5ms);
  other.url = "http://localhost:8080/plain";
  other.timeout = 1s;
  const auto warnings = merge_results({run_at(noon, 20, 10s, 5ms), other}).warnings;
  EXPECT_THAT(warnings,
              Contains("the runs differ in their URLs: http://localhost:8080/plain, http://localhost:8080/wait"));
  EXPECT_THAT(warnings, Contains("the runs differ in their time-outs: 1.00 s, 2.00 s"));
}

TEST(ResultMerge, CountsAResultThatIsGivenTwiceOnce) {
  const auto result = run_at(noon, 20, 10s, 5ms);
  const MergedResult alone = merge_results({result, result});
  EXPECT_THAT(alone.warnings, ElementsAre("a result was given more than once, and counts once"));
  EXPECT_EQ(alone.result.offered_rate, result.offered_rate);
  EXPECT_EQ(alone.result.record.requests.sent, result.record.requests.sent);
  const auto other = run_at(noon, 20, 10s, 6ms);
  const MergedResult both = merge_results({result, other, result});
  EXPECT_THAT(both.warnings, Contains(HasSubstr("counts once")));
  EXPECT_EQ(both.result.record.requests.sent, 2 * result.record.requests.sent);
  EXPECT_THAT(merge_results({result, other}).warnings, IsEmpty());
}

TEST(ResultMerge, IsWorthNoMoreSamplesByRunsOfTheSameSeed) {
  auto first = run_at(noon, 20, 10s, 5ms);
  auto second = run_at(ten_seconds_later, 20, 10s, 6ms);
  auto third = run_at("2026-01-02T12:00:20.000Z", 20, 10s, 7ms);
  for (LoadResult* run : {&first, &second, &third})
    run->record.response_time.effective_samples.fill(20);
  const auto samples = [&] {
    return merge_results({first, second, third}).result.record.response_time.effective_samples[0];
  };
  EXPECT_EQ(samples(), 60) << "nothing is known of seeds";
  first.seed = second.seed = third.seed = 1;
  EXPECT_EQ(samples(), 20);
  EXPECT_THAT(merge_results({first, second}).warnings, ElementsAre(HasSubstr("several runs have seed 1")));
  second.seed = 2;
  EXPECT_EQ(samples(), 40);
  third.seed = 3;
  EXPECT_EQ(samples(), 60);
  EXPECT_THAT(merge_results({first, second, third}).warnings, IsEmpty());
}

}  // namespace
}  // namespace waitlab::client
