#include "client/report/comparison.hpp"

#include "tests/unit/client/report/figures_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// A run with `count` responses of `time` each, in a window of one second.
ExperimentRun run_with(std::uint64_t count, std::chrono::nanoseconds time, unsigned repeat = 0) {
  ExperimentRun run;
  run.repeat = repeat;
  run.load.window = 1s;
  for (std::uint64_t n = 0; n < count; ++n) {
    run.load.record.begin();
    run.load.record.complete({.intended = 0ns, .sent = 0ns, .ended = time}, 200);
  }
  run.load.record.completed_in_window = count;
  run.server.peak_threads = 5 + repeat;
  run.server.peak_rss_bytes = 8 * 1024 * 1024;
  run.server.peak_queued = 3;
  run.server.samples.resize(1);
  run.server.usage = ServerUsage{.span = 1s,
                                 .cpu_time = 20ms,
                                 .voluntary_switches = 300,
                                 .involuntary_switches = 100,
                                 .completed = 200,
                                 .rejected = 0};
  run.mean_hold = 50ms;
  return run;
}

TEST(Spread, MedianOfOddAndEvenCounts) {
  EXPECT_EQ(spread_of({3, 1, 2}).median, 2);
  EXPECT_EQ(spread_of({4, 1, 2, 3}).median, 2.5);
  EXPECT_EQ(spread_of({3, 1, 2}).min, 1);
  EXPECT_EQ(spread_of({3, 1, 2}).max, 3);
}

TEST(Comparison, TakesMediansOverTheRepeats) {
  ExperimentResult result = result_of({"a"}, {100});
  result.runs = {run_with(200, 10ms, 0), run_with(200, 30ms, 1), run_with(200, 20ms, 2)};
  const Comparison comparison = compare(result);
  const Cell& cell = comparison.at(0).cells.at(0);
  EXPECT_EQ(cell.runs, 3U);
  EXPECT_NEAR(cell[Metric::p50]->median, 20, 0.1);
  EXPECT_NEAR(cell[Metric::p99]->min, 10, 0.1);
  EXPECT_NEAR(cell[Metric::p99]->max, 30, 0.1);
  EXPECT_EQ(cell[Metric::good]->median, 200);
  EXPECT_EQ(cell[Metric::achieved]->median, 200);
  EXPECT_EQ(cell[Metric::arrived]->median, 200);
  EXPECT_EQ(cell[Metric::errors]->median, 0);
  EXPECT_EQ(cell[Metric::threads]->median, 6);
  EXPECT_EQ(cell[Metric::memory]->median, 8);
  EXPECT_EQ(cell[Metric::cpu]->median, 100);
  EXPECT_EQ(cell[Metric::switches]->median, 2);
  EXPECT_EQ(cell[Metric::queued]->median, 3);
  EXPECT_TRUE(cell[Metric::queued]->at_least);
  EXPECT_EQ(cell[Metric::hold]->median, 50);
}

/// Adds errors that come at once, one in the window for each.
void add_errors(ExperimentRun& run, std::uint64_t count) {
  LoadRecord& record = run.load.record;
  for (std::uint64_t n = 0; n < count; ++n) {
    record.begin();
    record.complete({.intended = 0ns, .sent = 0ns, .ended = 200us}, 503);
  }
  record.completed_in_window += count;
  record.unwanted_in_window += count;
}

TEST(Comparison, DoesNotTakeErrorsThatComeAtOnceForFastAnswers) {
  ExperimentResult result = result_of({"a"}, {100});
  result.runs = {run_with(100, 40ms)};
  add_errors(result.runs[0], 900);
  const Cell cell = compare(result)[0].cells[0];
  EXPECT_NEAR(cell[Metric::p50]->median, 40, 0.1);
  EXPECT_NEAR(cell[Metric::p99]->median, 40, 0.1);
  EXPECT_FALSE(cell[Metric::p999]) << "100 good answers carry none";
  EXPECT_EQ(cell[Metric::good]->median, 100);
  EXPECT_EQ(cell[Metric::achieved]->median, 1000);
  EXPECT_EQ(cell[Metric::errors]->median, 90);
  EXPECT_NEAR(static_cast<double>(cell.curve.front().time.count()), 40e6, 1e5);
  EXPECT_NEAR(cell.split->part_ns[static_cast<std::size_t>(Part::transfer)], 40e6, 1e5);
}

TEST(Comparison, HasNoTimesWhereNothingButErrorsCame) {
  ExperimentResult result = result_of({"a"}, {100});
  result.runs = {run_with(0, 0ms)};
  add_errors(result.runs[0], 900);
  const Cell cell = compare(result)[0].cells[0];
  EXPECT_FALSE(cell[Metric::p50]);
  EXPECT_EQ(cell[Metric::good]->median, 0);
  EXPECT_THAT(cell.curve, IsEmpty());
  EXPECT_FALSE(cell.split);
}

/// Runs of `/wait` whose servers told that the backend took 60 ms of the response times, of which it held them 50.
class BackendHold : public testing::Test {
 protected:
  BackendHold() : result_(result_of({"a"}, {100})) {
    for (const unsigned repeat : {0u, 1u}) {
      ExperimentRun run = run_with(0, 0ms, repeat);
      ResponseSeen response(200);
      response.timing = {.queue = 1ms, .backend = 60ms, .handler = 1ms};
      run.load.record.complete({.intended = 0ns, .sent = 0ns, .ended = 70ms}, response);
      result_.runs.push_back(run);
    }
    result_.runs[1].mean_hold = 40ms;
  }

  std::optional<double> hold_ms() const {
    const auto ns = compare(result_)[0].cells[0].backend_hold_ns;
    return ns ? std::optional(*ns / 1e6) : std::nullopt;
  }

  ExperimentResult result_;
};

TEST_F(BackendHold, IsThePartOfTheBackendInWhichItHeldTheRequests) {
  EXPECT_DOUBLE_EQ(hold_ms().value(), 45);
}

TEST_F(BackendHold, IsNeverMoreThanThePart) {
  result_.runs[1].mean_hold = 150ms;
  EXPECT_DOUBLE_EQ(hold_ms().value(), 60);
}

TEST_F(BackendHold, IsKnownOnlyWhereARequestMakesOneCall) {
  result_.targets[0].path = "/mix?work=1ms";
  EXPECT_TRUE(hold_ms());
  result_.targets[0].path = "/fanout";
  EXPECT_FALSE(hold_ms());
  result_.targets[0].path = "";
  result_.load.path = "";  // of a mix of requests
  EXPECT_FALSE(hold_ms());
  result_.load.path = "/wait?delay=1ms";
  EXPECT_TRUE(hold_ms());
  result_.targets[0].kind = TargetKind::command;
  EXPECT_FALSE(hold_ms());
}

TEST_F(BackendHold, IsKnownOnlyWhereTheLogIsThatOfTheSplit) {
  add_errors(result_.runs[1], 1);
  EXPECT_FALSE(hold_ms());
}

TEST_F(BackendHold, IsKnownOnlyWithTheLogOfEachRun) {
  result_.runs[1].mean_hold.reset();
  EXPECT_FALSE(hold_ms());
}

TEST(Comparison, CountsTheMemoryAboveAnIdleServersForEachRequestInFlight) {
  ExperimentResult result = result_of({"a"}, {100});
  result.runs = {run_with(200, 10ms)};
  EXPECT_FALSE(compare(result)[0].cells[0][Metric::waiting]);
  result.runs[0].server.idle_rss_bytes = 6 * 1024 * 1024;
  result.runs[0].server.peak_in_flight = 128;
  EXPECT_EQ(compare(result)[0].cells[0][Metric::waiting]->median, 16);
  result.runs[0].server.peak_in_flight = 99;
  EXPECT_FALSE(compare(result)[0].cells[0][Metric::waiting]) << "too few to share out what is touched once";
}

TEST(Comparison, CountsWhatTheServerTurnedAway) {
  ExperimentResult result = result_of({"a"}, {100});
  result.runs = {run_with(200, 10ms)};
  EXPECT_EQ(compare(result)[0].cells[0][Metric::rejected]->median, 0);
  result.runs[0].server.usage->rejected = 30;
  result.runs[0].server.usage->span = 2s;
  EXPECT_EQ(compare(result)[0].cells[0][Metric::rejected]->median, 15);
  result.runs[0].server.usage->rejected.reset();
  EXPECT_FALSE(compare(result)[0].cells[0][Metric::rejected]);
}

TEST(Comparison, PutsTheRequestsOfAllValidRepeatsTogether) {
  ExperimentResult result = result_of({"a"}, {100});
  result.runs = {run_with(100, 10ms, 0), run_with(100, 30ms, 1), run_with(100, 90ms, 2)};
  result.runs[2].load.invalid_because = {"the client was late"};
  const Cell cell = compare(result)[0].cells[0];
  EXPECT_NEAR(cell.curve.back().quantile, 1 - 1.0 / 200, 1e-9) << "200 samples";
  EXPECT_NEAR(static_cast<double>(cell.curve.back().time.count()), 30e6, 1e5);
  ASSERT_TRUE(cell.split);
  EXPECT_NEAR(cell.split->part_ns[static_cast<std::size_t>(Part::transfer)], 20e6, 1e4);
}

TEST(Comparison, LeavesInvalidRunsOutWhereThereAreValidOnes) {
  ExperimentResult result = result_of({"a"}, {100});
  result.runs = {run_with(200, 10ms, 0), run_with(200, 90ms, 1)};
  result.runs[1].load.invalid_because = {"the client was late"};
  const Comparison comparison = compare(result);
  const Cell& cell = comparison[0].cells[0];
  EXPECT_EQ(cell.runs, 1U);
  EXPECT_TRUE(cell.valid);
  EXPECT_NEAR(cell[Metric::p50]->max, 10, 0.1);
  EXPECT_THAT(cell.troubles, ElementsAre("the client was late"));
}

TEST(Comparison, ShowsInvalidRunsAsInvalidWhereThereAreNoOthers) {
  ExperimentResult result = result_of({"a"}, {100});
  result.runs = {run_with(200, 10ms)};
  result.runs[0].load.invalid_because = {"the client was late"};
  const Cell cell = compare(result)[0].cells[0];
  EXPECT_FALSE(cell.valid);
  EXPECT_EQ(cell.runs, 1U);
}

TEST(Comparison, KeepsAPlaceForWhatIsMissing) {
  ExperimentResult result = result_of({"a", "b"}, {100});
  result.runs = {run_with(200, 10ms)};
  result.missing = {{.target = 1, .level = 0, .repeat = 0, .reason = "it died"},
                    {.target = 1, .level = 0, .repeat = 1, .reason = "it died"}};
  const Comparison comparison = compare(result);
  EXPECT_THAT(comparison[0].cells[0].troubles, IsEmpty());
  EXPECT_EQ(comparison[0].cells[1].runs, 0U);
  EXPECT_THAT(comparison[0].cells[1].troubles, ElementsAre("it died"));
}

TEST(Comparison, HasNoFigureWithoutWhatItTakes) {
  ExperimentResult result = result_of({"a"}, {100});
  result.runs = {run_with(50, 10ms)};  // too few for a p99
  result.runs[0].server = {};
  result.runs[0].mean_hold = {};
  const Cell cell = compare(result)[0].cells[0];
  EXPECT_TRUE(cell[Metric::p90]);
  for (const Metric metric :
       {Metric::p99, Metric::cpu, Metric::switches, Metric::threads, Metric::memory, Metric::queued, Metric::hold}) {
    EXPECT_FALSE(cell[metric]) << metric->name;
  }
}

TEST(Comparison, MarksTimesThatAreLowerBounds) {
  ExperimentResult result = result_of({"a"}, {100});
  result.runs = {run_with(90, 10ms)};
  for (int n = 0; n < 20; ++n) {
    result.runs[0].load.record.begin();
    result.runs[0].load.record.time_out(ErrorKind::timeout, {.intended = 0ns, .sent = 0ns, .ended = 1s}, 1s);
  }
  const Cell cell = compare(result)[0].cells[0];
  EXPECT_TRUE(cell[Metric::p99]->at_least);
  EXPECT_FALSE(cell[Metric::p50]->at_least);
  EXPECT_NEAR(cell[Metric::errors]->median, 100.0 * 20 / 110, 0.01);
}

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// 1 ms, 2 ms and so on.
CensoredHistogram times_up_to(int count) {
  CensoredHistogram times;
  for (int i = 1; i <= count; ++i)
    times.record(i * 1ms);
  return times;
}

double ms_at(const PercentileCurve& curve, double quantile) {
  const auto point =
      std::ranges::find_if(curve, [=](const CurvePoint& p) { return std::abs(p.quantile - quantile) < 1e-9; });
  return point == curve.end() ? -1 : std::chrono::duration<double, std::milli>(point->time).count();
}

TEST(PercentileCurve, HasThePercentilesThatPeopleName) {
  const PercentileCurve curve = percentile_curve(times_up_to(1000));
  EXPECT_NEAR(ms_at(curve, 0), 1, 0.01);
  EXPECT_NEAR(ms_at(curve, 0.5), 500, 0.5);
  EXPECT_NEAR(ms_at(curve, 0.75), 750, 0.75);
  EXPECT_NEAR(ms_at(curve, 0.95), 950, 1);
  EXPECT_NEAR(ms_at(curve, 0.99), 990, 1);
  EXPECT_NEAR(ms_at(curve, 0.995), 995, 1);
}

TEST(PercentileCurve, EndsWhereTheSamplesDo) {
  EXPECT_NEAR(percentile_curve(times_up_to(1000)).back().quantile, 0.999, 1e-9);
  EXPECT_NEAR(percentile_curve(times_up_to(999)).back().quantile, 1 - 1.0 / 800, 1e-9);
  EXPECT_TRUE(percentile_curve({}).empty());
}

TEST(PercentileCurve, EndsWhereTimesAreOnlyLowerBounds) {
  CensoredHistogram times = times_up_to(90);
  for (int i = 0; i < 10; ++i)
    times.record_at_least(1s);
  EXPECT_NEAR(percentile_curve(times).back().quantile, 0.9, 1e-9);
}

}  // namespace
}  // namespace waitlab::client
