#include "client/commands/capacity_run.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

TEST(CapacityView, SaysWhatProbeRunsAndHowLongItStillTakes) {
  LoadProgress progress;
  progress.planned = 6s;
  progress.elapsed = 400ms;
  EXPECT_EQ(probe_progress(160, progress), "probing 160/s: warm-up, 6 s left");
  progress.phase = LoadProgress::Phase::measuring;
  progress.elapsed = 3500ms;
  EXPECT_EQ(probe_progress(452.5, progress), "probing 452.5/s: measuring, 3 s left");
  progress.phase = LoadProgress::Phase::draining;
  progress.elapsed = 7s;
  EXPECT_EQ(probe_progress(160, progress), "probing 160/s: draining");
}

}  // namespace
}  // namespace waitlab::client
