#include "client/stats/slice_series.hpp"

#include "client/stats/time_summary.hpp"
#include "common/splitmix64.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr std::size_t median = 0;  // in EffectiveSamples

/// Slices and the histogram of all of them, as a run makes them.
struct SlicedRun {
  SliceSeries series;
  CensoredHistogram whole;

  void add(std::uint64_t index, std::initializer_list<nanoseconds> response_times) {
    Slice slice;
    slice.index = index;
    for (const auto time : response_times) {
      slice.response_time.record(time);
      slice.service_time.record(1ms);
      whole.record(time);
    }
    slice.ended = response_times.size();
    series.add(slice);
  }
  EffectiveSamples effective() const { return series.effective_response_samples(whole); }
};

TEST(SliceSeries, CannotTellFromFewSlices) {
  SlicedRun run;
  for (std::uint64_t i = 0; i < 9; ++i)
    run.add(i, {1ms, 2ms});
  EXPECT_EQ(run.effective(), EffectiveSamples{});
  run.add(9, {1ms, 2ms});
  EXPECT_EQ(run.effective()[median], 20);
}

// Above the median, less the expected half: -1 six times, then +1 six times. The sums of products at distance 0, 1, …
// are 12, 9, 6, 3, 0, -3, …, in pairs 21, 9, -3, so the variance of the whole sum is 2 (21 + 9) - 12 = 48 rather than
// the 24/4 of independent samples.
TEST(SliceSeries, CountsSamplesThatResembleTheirNeighboursOnce) {
  SlicedRun run;
  for (std::uint64_t i = 0; i < 12; ++i)
    run.add(i, {i < 6 ? 1ms : 2ms, i < 6 ? 1ms : 2ms});
  EXPECT_DOUBLE_EQ(run.effective()[median], 24 * 6.0 / 48);
}

// Slices hold 1 or 3 samples, and half of all lie above the median. Above it, less half of the slice's own: -1/2, 3/2,
// 1/2, -3/2, and so on. The share of each slice alone would tell them to be alike.
TEST(SliceSeries, WeighsSlicesByTheirSamples) {
  SlicedRun run;
  for (std::uint64_t i = 0; i < 12; i += 4) {
    run.add(i, {1ms});
    run.add(i + 1, {2ms, 2ms, 2ms});
    run.add(i + 2, {2ms});
    run.add(i + 3, {1ms, 1ms, 1ms});
  }
  const double squares = 3 * (0.25 + 2.25 + 0.25 + 2.25);
  const double neighbours = 3 * (-0.75 + 0.75 - 0.75) + 2 * 0.75;
  const double variance = 2 * (squares + neighbours) - squares;
  EXPECT_DOUBLE_EQ(run.effective()[median], 24 * 6.0 / variance);
}

TEST(SliceSeries, NeverCountsMoreSamplesThanThereAre) {
  SlicedRun run;
  for (std::uint64_t i = 0; i < 20; ++i)
    run.add(i, {1ms, 2ms});  // always half of them: less variance than chance would bring
  EXPECT_EQ(run.effective()[median], 40);
  EXPECT_EQ(run.series.effective_service_samples(run.whole)[median], 40) << "nothing lies above the quantile";
}

// Requests of 250 ms that began before the run are not in it, and those that end after it end alone. Between the edges
// each slice is like the others, so every sample counts.
TEST(SliceSeries, LeavesOutTheEdgesThatLongRequestsMake) {
  SlicedRun run;
  for (std::uint64_t i = 0; i < 3; ++i)
    run.add(i, {1ms, 1ms, 1ms});
  for (std::uint64_t i = 3; i < 60; ++i)
    run.add(i, {1ms, 250ms, 250ms, 1ms, 1ms});
  for (std::uint64_t i = 60; i < 63; ++i)
    run.add(i, {250ms, 250ms});
  EXPECT_EQ(run.effective()[median], 3 * 3 + 57 * 5 + 3 * 2);
}

TEST(SliceSeries, JoinsNeighboursRatherThanGrow) {
  SlicedRun fine;
  SlicedRun coarse;
  for (std::uint64_t i = 0; i < SliceSeries::most_slices; ++i) {
    const auto time = i % 100 < 50 ? 1ms : 2ms;
    const auto other = i % 7 == 0 ? 3ms : 1ms;
    fine.add(2 * i, {time, other});
    fine.add(2 * i + 1, {time});
    coarse.add(i, {time, time, other});
  }
  EXPECT_EQ(fine.effective(), coarse.effective());
  EXPECT_LT(fine.effective()[median], 300);
}

/// As a histogram tells it: within 0.1 %.
void expect_time(const std::optional<nanoseconds>& found, nanoseconds expected) {
  ASSERT_TRUE(found);
  EXPECT_NEAR(static_cast<double>(found->count()), static_cast<double>(expected.count()), 1e-3 * expected.count());
}

TEST(SliceSeries, ShowsTheCourseOfARun) {
  SlicedRun run;
  run.add(0, {10ms, 20ms, 30ms});
  run.add(2, {40ms});
  const RunSeries course = run.series.response_times();
  EXPECT_EQ(course.begin, 0s);
  EXPECT_EQ(course.width, 100ms);
  ASSERT_EQ(course.stretches.size(), 3u);
  EXPECT_EQ(course.stretches[0].ended, 3u);
  expect_time(course.stretches[0].p50, 20ms);
  expect_time(course.stretches[0].max, 30ms);
  EXPECT_EQ(course.stretches[1], RunStretch{});
  EXPECT_FALSE(course.stretches[2].p50) << "one time has no median";
  expect_time(course.stretches[2].max, 40ms);
}

TEST(SliceSeries, ShowsAPercentileOnlyWhereSamplesCarryIt) {
  SlicedRun run;
  for (int i = 0; i < 99; ++i)
    run.add(0, {10ms});
  EXPECT_FALSE(run.series.response_times().stretches[0].p99);
  run.add(0, {50ms});
  expect_time(run.series.response_times().stretches[0].p99, 10ms);
}

TEST(SliceSeries, ShowsALongRunInWiderStretches) {
  SlicedRun run;
  for (std::uint64_t i = 0; i < 2 * SliceSeries::most_slices; ++i)
    run.add(i, {1ms, 3ms});
  const RunSeries course = run.series.response_times();
  EXPECT_EQ(course.width, 200ms);
  EXPECT_EQ(course.stretches.size(), SliceSeries::most_slices);
  EXPECT_EQ(course.stretches.front().ended, 4u);
}

TEST(SliceSeries, TakesSlicesOfSeveralThreadsInAnyOrder) {
  SlicedRun one;
  SlicedRun other;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const auto time = i % 100 < 50 ? 1ms : 2ms;
    one.add(i, {time, 3ms});
    other.add(1999 - i, {(1999 - i) % 100 < 50 ? 1ms : 2ms});
  }
  for (std::uint64_t i = 0; i < 2000; ++i)
    other.add(i, {3ms});
  EXPECT_EQ(one.effective(), other.effective());
}

/// A stationary M/M/1 queue with holds of 1 ms on average: response times are exponential in the long run, and a run's
/// neighbours stay slow together.
class Queue {
 public:
  static constexpr double load = 0.7;
  static nanoseconds true_quantile(double quantile) {
    return nanoseconds(std::llround(-1e6 * std::log(1 - quantile) / (1 - load)));
  }

  explicit Queue(std::uint64_t seed) : seed_(seed) {}

  /// A run of 20 s, sliced by the ends of the requests, with the effective samples filled in.
  CensoredHistogram run() {
    SliceSeries series;
    CensoredHistogram whole;
    Slice slice;
    double free_at = uniform() < load ? exponential(1 / (1 - load)) : 0;
    double now = 0;
    while (now < 20'000) {
      now += exponential(1 / load);
      free_at = std::max(now, free_at) + exponential(1);
      const auto index = static_cast<std::uint64_t>(free_at / 100);
      if (index != slice.index) {
        series.add(slice);
        slice = Slice();
        slice.index = index;
      }
      const nanoseconds time(std::llround((free_at - now) * 1e6));
      slice.response_time.record(time);
      whole.record(time);
    }
    series.add(slice);
    whole.effective_samples = series.effective_response_samples(whole);
    return whole;
  }

 private:
  double uniform() { return (static_cast<double>(splitmix64(seed_, n_++) >> 11) + 1) * 0x1p-53; }
  double exponential(double mean) { return -mean * std::log(uniform()); }

  std::uint64_t seed_;
  std::uint64_t n_ = 0;
};

bool covers(const TimeFigure& figure, nanoseconds truth) {
  return (!figure.low || *figure.low <= truth) && (!figure.high || truth <= *figure.high);
}

TEST(SliceSeries, LetsIntervalsCoverTheTruthOfARealQueue) {
  constexpr int runs = 150;
  std::map<double, int> corrected;
  std::map<double, int> naive;
  for (int run = 0; run < runs; ++run) {
    CensoredHistogram seen = Queue(static_cast<std::uint64_t>(run)).run();
    for (const double quantile : {0.5, 0.9, 0.99})
      corrected[quantile] += covers(percentile(seen, quantile), Queue::true_quantile(quantile)) ? 1 : 0;
    seen.effective_samples.fill(static_cast<double>(seen.values.count()));
    for (const double quantile : {0.5, 0.9, 0.99})
      naive[quantile] += covers(percentile(seen, quantile), Queue::true_quantile(quantile)) ? 1 : 0;
  }
  for (const double quantile : {0.5, 0.9, 0.99}) {
    EXPECT_GE(corrected[quantile], runs * 0.90) << quantile;
    EXPECT_LE(naive[quantile], runs * 0.50) << quantile;
  }
}

}  // namespace
}  // namespace waitlab::client
