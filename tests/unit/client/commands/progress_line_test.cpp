#include "client/commands/progress_line.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

TEST(ProgressLine, SaysWhereTheRunStands) {
  LoadProgress progress;
  progress.phase = LoadProgress::Phase::measuring;
  progress.elapsed = 12'300ms;
  progress.in_flight = 21;
  progress.errors = 3;
  EXPECT_EQ(progress_line(progress, 398.4), "measuring  12.3 s  398/s  21 in flight  3 errors");
  progress.planned = 30s;
  EXPECT_EQ(progress_line(progress, 398.4), "measuring  12.3/30 s  398/s  21 in flight  3 errors");
}

TEST(ProgressLine, AddsTheResponseTimesSoFar) {
  CensoredHistogram times;
  for (int i = 1; i <= 100; ++i)
    times.record(i * 1ms);
  LoadProgress progress;
  progress.so_far = &times;
  EXPECT_EQ(progress_line(progress, 0), "warm-up     0.0 s  0/s  0 in flight  0 errors  p50 50 ms  p99 99 ms");
}

}  // namespace
}  // namespace waitlab::client
