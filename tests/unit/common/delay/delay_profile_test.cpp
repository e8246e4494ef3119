#include "common/delay/delay_profile.hpp"

#include "common/config/config_loader.hpp"
#include "tests/unit/common/delay/profile_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string failure_of(const DelayProfile& profile) {
  const auto checked = check_delay_profile(profile, "backend.profile.");
  return checked ? "" : checked.error().message;
}

TEST(DelayProfile, AcceptsTheDefaultsOfEveryDistribution) {
  for (const char* name : {"fixed", "uniform", "exponential", "lognormal"})
    EXPECT_EQ(failure_of(profile_of(name)), "") << name;
}

TEST(DelayProfile, NamesTheKeysOfACrossedUniformRange) {
  DelayProfile profile = profile_of("uniform");
  profile.delay.min = 20ms;
  profile.delay.max = 10ms;
  EXPECT_THAT(failure_of(profile), HasSubstr("backend.profile.delay.min (20ms)"));
  EXPECT_THAT(failure_of(profile), HasSubstr("backend.profile.delay.max (10ms)"));
}

TEST(DelayProfile, IgnoresTheParametersOfOtherDistributions) {
  DelayProfile profile = profile_of("fixed");
  profile.delay.min = 20ms;
  profile.delay.max = 10ms;
  EXPECT_EQ(failure_of(profile), "");
}

TEST(DelayProfile, RejectsALognormalP99AtItsMedian) {
  DelayProfile profile = profile_of("lognormal");
  profile.delay.p99 = profile.delay.median;
  EXPECT_THAT(failure_of(profile), HasSubstr("backend.profile.delay.p99"));
}

TEST(DelayProfile, RejectsALognormalMedianOfZero) {
  DelayProfile profile = profile_of("lognormal");
  profile.delay.median = 0ns;
  EXPECT_THAT(failure_of(profile), HasSubstr("backend.profile.delay.median"));
}

TEST(DelayProfile, ListsTheDistributionsWhenTheNameIsUnknown) {
  EXPECT_THAT(failure_of(profile_of("gamma")), HasSubstr("fixed, uniform, exponential, lognormal"));
}

TEST(DelayProfile, IsReadFromItsKeys) {
  DelayProfile profile;
  ConfigSpec spec;
  bind_delay_profile(spec, "profile.", profile);
  const auto loaded = load_config(spec, {.file = {},
                                         .environment = {},
                                         .sets = {"profile.delay.distribution=uniform", "profile.delay.min=5ms",
                                                  "profile.seed=7", "profile.on_full=reject"}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(profile.delay.distribution, "uniform");
  EXPECT_EQ(profile.delay.min, 5ms);
  EXPECT_EQ(profile.seed, 7u);
  EXPECT_EQ(profile.on_full, "reject");
}

TEST(DelayProfile, SurvivesBeingHandedOnAsSettings) {
  DelayProfile sent;
  sent.delay = {"lognormal", 1ms, 2ms, 3ms, 4ms, 1500us, 7ms};
  sent.seed = 18'446'744'073'709'551'615u;
  sent.concurrency = 8;
  sent.on_full = "reject";
  sent.hold_log = "logs/a \"quoted\" name.csv";

  DelayProfile received;
  ConfigSpec spec;
  bind_delay_profile(spec, "profile.", received);
  const auto loaded =
      load_config(spec, {.file = {}, .environment = {}, .sets = delay_profile_settings(sent, "profile.")});

  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(received.delay.distribution, "lognormal");
  EXPECT_EQ(received.delay.value, 1ms);
  EXPECT_EQ(received.delay.min, 2ms);
  EXPECT_EQ(received.delay.max, 3ms);
  EXPECT_EQ(received.delay.mean, 4ms);
  EXPECT_EQ(received.delay.median, 1500us);
  EXPECT_EQ(received.delay.p99, 7ms);
  EXPECT_EQ(received.seed, sent.seed);
  EXPECT_EQ(received.concurrency, 8u);
  EXPECT_EQ(received.on_full, "reject");
  EXPECT_EQ(received.hold_log, sent.hold_log);
}

}  // namespace
}  // namespace waitlab
