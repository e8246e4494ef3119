#include "server/runtime/loop_lag_probe.hpp"

#include <gtest/gtest.h>

namespace waitlab::server {
namespace {

using namespace std::chrono_literals;

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
  EXPECT_EQ(telemetry.loop_due.load(), LoopLag::TimePoint::max());
  const LoopLagProbe probe(loop, telemetry, [this] { return now; });
  EXPECT_EQ(telemetry.loop_due.load(), now + 100ms);
  now += 250ms;
  loop.run_one();
  EXPECT_EQ(telemetry.loop_due.load(), now + 50ms);
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
