#include "server/runtime/loop_lag.hpp"

#include "server/counts/thread_track.hpp"

#include <gtest/gtest.h>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;

constexpr LoopLag::TimePoint start{1000s};

/// How many durations of at most that.
std::uint64_t counted(const DurationCounts& lags, double at_most_seconds = 1e9) {
  const auto counts = lags.wide();
  std::uint64_t sum = at_most_seconds > 10 ? counts.back() : 0;
  for (std::size_t i = 0; i < DurationCounts::wide_bounds.size(); ++i) {
    if (DurationCounts::wide_bounds[i] <= at_most_seconds) sum += counts[i];
  }
  return sum;
}

TEST(LoopLag, IsFromTheDueMomentToNow) {
  LoopLag lag(start);
  DurationCounts lags;
  EXPECT_EQ(lag.due(), start + 100ms);
  lag.observe(start + 103ms, lags);
  EXPECT_EQ(counted(lags), 1U);
  EXPECT_DOUBLE_EQ(lags.sum_seconds(), 0.003);
  EXPECT_EQ(lag.due(), start + 200ms);
}

TEST(LoopLag, IsNothingBeforeTheMomentIsDue) {
  LoopLag lag(start);
  DurationCounts lags;
  lag.observe(start + 99ms, lags);
  EXPECT_EQ(counted(lags), 0U);
  EXPECT_EQ(lag.due(), start + 100ms);
}

TEST(LoopLag, CountsEveryMomentThatWasMissed) {
  LoopLag lag(start);
  DurationCounts lags;
  lag.observe(start + 100ms, lags);
  lag.observe(start + 2200ms, lags);  // from 200 ms on it stood still for 2 s
  EXPECT_EQ(counted(lags), 1U + 21U);
  EXPECT_NEAR(lags.sum_seconds(), 21.0, 1e-9);  // 2.0 + 1.9 + ... + 0.1 + 0
  EXPECT_EQ(counted(lags, 0.1), 3U);            // 0.1 s, and the two in time
  EXPECT_EQ(counted(lags, 1.0), 12U);
  EXPECT_EQ(lag.due(), start + 2300ms);
}

TEST(LoopLag, OfAVeryLongStandstillCountsOnlyTheFirst) {
  LoopLag lag(start);
  DurationCounts lags;
  lag.observe(start + 8h + 30ms, lags);
  EXPECT_EQ(counted(lags), static_cast<std::uint64_t>(LoopLag::most_at_once));
  EXPECT_EQ(counted(lags, 10.0), 0U);
  EXPECT_EQ(lag.due(), start + 8h + 100ms);
}

/// A loop whose probe is told the time. What it is told has long passed by the real clock, so the timer never waits.
class LoopLagProbeTest : public testing::Test {
 protected:
  std::uint64_t observed() const { return telemetry.counts.total().loop_lag.total(); }

  LoopLag::TimePoint now{};
  boost::asio::io_context loop{1};
  Tracer tracer;
  Telemetry telemetry{"event-loop", tracer};
};

TEST_F(LoopLagProbeTest, ObservesOnTheLoopAndAgain) {
  const LoopLagProbe probe(loop, telemetry, [this] { return now; });
  now += 100ms;
  loop.run_one();
  EXPECT_EQ(observed(), 1U);
  now += 2s;  // the loop stands still
  loop.run_one();
  EXPECT_EQ(observed(), 21U);
  now += 100ms;
  loop.run_one();
  EXPECT_EQ(observed(), 22U);
}

TEST_F(LoopLagProbeTest, SaysWhenTheLoopIsDueNext) {
  const ThreadTrack lane(telemetry.threads);
  const Track& track = *ThreadTrack::of_this_thread();
  EXPECT_EQ(track.loop_due(), LoopLag::TimePoint::max());
  const LoopLagProbe probe(loop, telemetry, [this] { return now; });
  loop.run_one();
  EXPECT_EQ(track.loop_due(), now + 100ms);
  now += 250ms;
  loop.run_one();
  EXPECT_EQ(track.loop_due(), now + 50ms);
}

TEST_F(LoopLagProbeTest, LeavesNothingToDoWhenItGoes) {
  {
    const LoopLagProbe probe(loop, telemetry, [this] { return now; });
  }
  now += 1s;
  loop.run();  // ends, since only the cancelled wait is left
  EXPECT_EQ(observed(), 0U);
}

}  // namespace
}  // namespace waitlab::server
