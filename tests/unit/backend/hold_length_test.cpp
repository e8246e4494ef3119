#include "backend/hold_length.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>

namespace waitlab::backend {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

DelayProfile with_slowdown(double contention, double coherency) {
  DelayProfile profile;
  profile.slowdown = {.contention = contention, .coherency = coherency};
  return profile;
}

/// Holds per second of a backend that always holds `n`.
double throughput(const DelayProfile& profile, std::size_t n) {
  const std::chrono::duration<double> length = hold_length(profile, 10ms, 0s, n);
  return static_cast<double>(n) / length.count();
}

TEST(HoldLength, IsWhatWasDrawnByDefault) {
  EXPECT_EQ(hold_length({}, 123'456'789'123'456'789ns, 5h, 1'000'000), 123'456'789'123'456'789ns);
  EXPECT_EQ(hold_length(with_slowdown(0.5, 0.5), 50ms, 5h, 1), 50ms) << "alone";
}

TEST(HoldLength, FollowsTheUniversalScalabilityLaw) {
  EXPECT_EQ(hold_length(with_slowdown(0.1, 0), 50ms, 0s, 11), 100ms);
  EXPECT_EQ(hold_length(with_slowdown(0, 0.01), 50ms, 0s, 11), 105ms);
  EXPECT_EQ(hold_length(with_slowdown(0.1, 0.01), 50ms, 0s, 11), 155ms);
}

TEST(HoldLength, ReachesALimitOfThroughputByContentionAlone) {
  const DelayProfile profile = with_slowdown(0.05, 0);
  EXPECT_LT(throughput(profile, 100), 1 / (0.05 * 0.01));
  EXPECT_GT(throughput(profile, 10'000), throughput(profile, 100));
}

TEST(HoldLength, GetsLessDoneBeyondTheBestNumberOfHolds) {
  const double coherency = (1 - 0.04) / (96.0 * 96.0);
  const DelayProfile profile = with_slowdown(0.04, coherency);
  for (const std::size_t other : {24U, 90U, 102U, 384U, 2048U})
    EXPECT_GT(throughput(profile, 96), throughput(profile, other)) << other;
  EXPECT_GT(throughput(profile, 96), 4 * throughput(profile, 2048));
}

TEST(HoldLength, IsMultipliedInABrownoutOnly) {
  DelayProfile profile;
  profile.brownout = {.every = 60s, .length = 5s, .factor = 4};
  const auto at = [&profile](nanoseconds since_start) { return hold_length(profile, 50ms, since_start, 1); };
  EXPECT_EQ(at(0s), 50ms) << "the backend starts well";
  EXPECT_EQ(at(4s), 50ms);
  EXPECT_EQ(at(60s - 1ns), 50ms);
  EXPECT_EQ(at(60s), 200ms);
  EXPECT_EQ(at(65s - 1ns), 200ms);
  EXPECT_EQ(at(65s), 50ms);
  EXPECT_EQ(at(24h), 200ms);
  EXPECT_EQ(at(24h + 5s), 50ms);
}

TEST(HoldLength, HasNoBrownoutWithoutAPeriodOrALength) {
  DelayProfile profile;
  profile.brownout = {.every = 0s, .length = 5s, .factor = 4};
  EXPECT_EQ(hold_length(profile, 50ms, 60s, 1), 50ms);
  profile.brownout = {.every = 60s, .length = 0s, .factor = 4};
  EXPECT_EQ(hold_length(profile, 50ms, 60s, 1), 50ms);
}

TEST(HoldLength, IsMultipliedByBoth) {
  DelayProfile profile = with_slowdown(0.1, 0);
  profile.brownout = {.every = 60s, .length = 60s, .factor = 3};
  EXPECT_EQ(hold_length(profile, 50ms, 60s, 11), 300ms);
}

TEST(HoldLength, IsCutInsteadOfOverflowing) {
  EXPECT_EQ(hold_length(with_slowdown(1, 1), 24h, 0s, 1'000'000), 24h);
}

}  // namespace
}  // namespace waitlab::backend
