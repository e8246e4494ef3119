#include "common/delay/delay_profile.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace waitlab {
namespace {

constexpr int draws = 100'000;

DelayProfile profile_with(DelayProfile::Faults faults) {
  DelayProfile profile;
  profile.faults = faults;
  return profile;
}

Fault fault_of(const DelayProfile& profile, int id) {
  return draw_fault(profile, "/wait", std::to_string(id));
}

TEST(DrawFault, NeverComesWithoutAProbability) {
  const DelayProfile profile;
  for (int id = 0; id < 1000; ++id)
    EXPECT_EQ(fault_of(profile, id), Fault::none);
}

TEST(DrawFault, AlwaysComesWithTheProbabilityOne) {
  const DelayProfile profile = profile_with({.stall = 1});
  for (int id = 0; id < 1000; ++id)
    EXPECT_EQ(fault_of(profile, id), Fault::stall);
}

TEST(DrawFault, ComesAsOftenAsItsProbabilitySays) {
  const DelayProfile profile =
      profile_with({.error = 0.05, .reset_before = 0.1, .reset_in = 0.15, .stall = 0.2, .drip = 0.25});
  std::map<Fault, double> shares;
  for (int id = 0; id < draws; ++id)
    shares[fault_of(profile, id)] += 1.0 / draws;
  EXPECT_NEAR(shares[Fault::error], 0.05, 0.004);
  EXPECT_NEAR(shares[Fault::reset_before], 0.1, 0.005);
  EXPECT_NEAR(shares[Fault::reset_in], 0.15, 0.006);
  EXPECT_NEAR(shares[Fault::stall], 0.2, 0.006);
  EXPECT_NEAR(shares[Fault::drip], 0.25, 0.007);
  EXPECT_NEAR(shares[Fault::none], 0.25, 0.007);
}

/// From an independent calculation (Python): the words of "a" and "b" lie at 0.5118 and 0.0709.
TEST(DrawFault, IsTheSameForEver) {
  EXPECT_EQ(draw_fault(profile_with({.error = 0.071}), "/wait", "b"), Fault::error);
  EXPECT_EQ(draw_fault(profile_with({.error = 0.0709}), "/wait", "b"), Fault::none);
  EXPECT_EQ(draw_fault(profile_with({.error = 0.5, .drip = 0.0119}), "/wait", "a"), Fault::drip);
  EXPECT_EQ(draw_fault(profile_with({.error = 0.5, .drip = 0.0118}), "/wait", "a"), Fault::none);
}

TEST(DrawFault, DoesNotDependOnTheOrderOrOnRepetition) {
  const DelayProfile profile = profile_with({.error = 0.3, .stall = 0.3});
  std::map<int, Fault> forwards;
  for (int id = 0; id < 100; ++id)
    forwards[id] = fault_of(profile, id);
  for (int id = 99; id >= 0; --id)
    EXPECT_EQ(fault_of(profile, id), forwards[id]);
}

TEST(DrawFault, DependsOnSeedRouteAndId) {
  const DelayProfile profile = profile_with({.error = 0.5});
  DelayProfile other_seed = profile;
  other_seed.seed = 2;
  int other = 0, another = 0;
  for (int id = 0; id < 1000; ++id) {
    other += fault_of(profile, id) != fault_of(other_seed, id) ? 1 : 0;
    another += fault_of(profile, id) != draw_fault(profile, "/mix", std::to_string(id)) ? 1 : 0;
  }
  EXPECT_NEAR(other, 500, 70);
  EXPECT_NEAR(another, 500, 70);
}

TEST(DrawFault, HasNothingToDoWithTheDelay) {
  DelayProfile profile = profile_with({.error = 0.5});
  profile.delay.distribution = "uniform";
  double sum_ms = 0;
  int failed = 0;
  for (int id = 0; id < draws; ++id) {
    if (fault_of(profile, id) != Fault::error) continue;
    sum_ms += static_cast<double>(draw_delay(profile, "/wait", std::to_string(id)).count()) / 1e6;
    ++failed;
  }
  EXPECT_NEAR(sum_ms / failed, 50, 0.6);
}

}  // namespace
}  // namespace waitlab
