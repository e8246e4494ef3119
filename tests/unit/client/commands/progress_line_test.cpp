#include "client/commands/progress_line.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

LoadProgress at(std::chrono::nanoseconds elapsed, std::uint64_t completed) {
  LoadProgress progress;
  progress.elapsed = elapsed;
  progress.completed = completed;
  return progress;
}

TEST(RunRate, IsThatOfTheLastSecond) {
  RunRate rate;
  EXPECT_FALSE(rate.renew(at(999ms, 100)));
  EXPECT_FALSE(rate.per_second()) << "nothing is known yet";
  EXPECT_TRUE(rate.renew(at(1s, 100)));
  EXPECT_EQ(rate.per_second(), 100);
  EXPECT_FALSE(rate.renew(at(1999ms, 500)));
  EXPECT_EQ(rate.per_second(), 100);
  EXPECT_TRUE(rate.renew(at(2250ms, 600)));
  EXPECT_EQ(rate.per_second(), 400);
}

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
  EXPECT_EQ(progress_line(progress, {}), "warm-up     0.0 s  -  0 in flight  0 errors  p50 50 ms  p99 99 ms");
}

}  // namespace
}  // namespace waitlab::client
