#include "common/delay/delay_profile.hpp"

#include "common/config/config_loader.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/unit/common/delay/profile_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string failure_of(DelayProfile profile) {
  const auto prepared = prepare_delay_profile(profile, "backend.profile.");
  return prepared ? "" : prepared.error().message;
}

std::string failure_of_parts(std::vector<DelayProfile::Part> parts) {
  DelayProfile profile = profile_of("bimodal");
  profile.delay.parts = std::move(parts);
  return failure_of(profile);
}

TEST(DelayProfile, AcceptsTheDefaultsOfDistributionsThatHaveSome) {
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

TEST(DelayProfile, AsksForTheShortestParetoDelay) {
  EXPECT_THAT(failure_of(profile_of("pareto")), HasSubstr("backend.profile.delay.min is 0s"));
}

TEST(DelayProfile, AsksForPartsThatHaveWeight) {
  EXPECT_THAT(failure_of_parts({}), HasSubstr("backend.profile.delay.parts is empty"));
  EXPECT_THAT(failure_of_parts({{.weight = 0, .delay = 1ms}}), HasSubstr("backend.profile.delay.parts have no weight"));
  EXPECT_EQ(failure_of_parts({{.weight = 0, .delay = 1ms}, {.weight = 1e-3, .delay = 1ms}}), "");
}

TEST(DelayProfile, NamesTheFileAndTheLineThatAReplayCannotRead) {
  DelayProfile profile = profile_of("replay");
  EXPECT_THAT(failure_of(profile), HasSubstr("backend.profile.delay.file is empty"));
  const TemporaryFile file(".txt");
  file.write("50ms\n50\n");
  profile.delay.file = file.path();
  EXPECT_THAT(failure_of(profile), HasSubstr("backend.profile.delay.file: " + file.path() + ":2: \"50\" has no unit"));
  file.write("50ms\n60ms\n");
  ASSERT_TRUE(prepare_delay_profile(profile, ""));
  EXPECT_EQ(*profile.delay.recorded, (std::vector<std::chrono::nanoseconds>{50ms, 60ms}));
}

TEST(DelayProfile, ReadsNoFileThatOtherDistributionsDoNotNeed) {
  DelayProfile profile = profile_of("fixed");
  profile.delay.file = "/nowhere";
  EXPECT_EQ(failure_of(profile), "");
}

TEST(DelayProfile, AllowsProbabilitiesThatAddUpToOne) {
  DelayProfile profile;
  profile.faults = {.error = 0.1, .reset_before = 0.2, .reset_in = 0.3, .stall = 0.3, .drip = 0.1};
  EXPECT_EQ(failure_of(profile), "");
  profile.faults.drip = 0.2;
  EXPECT_THAT(failure_of(profile),
              HasSubstr("backend.profile.faults.error, reset_before, reset_in, stall and drip add up to 1.1"));
}

TEST(DelayProfile, RefusesABrownoutThatOutlastsItsPeriod) {
  DelayProfile profile;
  profile.brownout.length = 10s;
  EXPECT_EQ(failure_of(profile), "");
  profile.brownout.every = 5s;
  EXPECT_THAT(failure_of(profile), HasSubstr("backend.profile.brownout.for (10s)"));
}

TEST(DelayProfile, TellsWhatATimerCannotDo) {
  DelayProfile profile = profile_of("fixed");
  profile.seed = 7;
  profile.on_full = "reject";
  EXPECT_THAT(keys_beyond_delays(profile), IsEmpty());
  profile.concurrency = 8;
  profile.faults.stall = 0.1;
  profile.brownout.every = 1s;
  profile.slowdown.coherency = 0.1;
  EXPECT_THAT(keys_beyond_delays(profile),
              ElementsAre("concurrency", "faults.stall", "brownout.every", "slowdown.coherency"));
}

TEST(DelayProfile, IsDescribedByWhatItsDelaysAre) {
  DelayProfile::Delay delay;
  const auto described = [&delay](const char* distribution) {
    delay.distribution = distribution;
    return describe_delay(delay);
  };
  delay.min = 10ms;
  delay.parts = {{.weight = 9, .delay = 10ms}, {.weight = 1, .delay = 300ms}};
  delay.file = "holds.csv";
  EXPECT_EQ(described("pareto"), "pareto, min 10ms, alpha 1.5");
  EXPECT_EQ(described("bimodal"), "bimodal, 90 % 10ms, 10 % 300ms");
  EXPECT_EQ(described("replay"), "replay, of holds.csv");
}

TEST(DelayProfile, ListsTheDistributionsWhenTheNameIsUnknown) {
  EXPECT_THAT(failure_of(profile_of("gamma")),
              HasSubstr("fixed, uniform, exponential, lognormal, pareto, bimodal, replay"));
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
  sent.delay = {"lognormal", 1ms, 2ms, 3ms, 4ms, 1500us, 7ms, 2.25, {{9, 5ms}, {1, 6ms}}, "a file", "drawn_ns", {}};
  sent.seed = 18'446'744'073'709'551'615u;
  sent.concurrency = 8;
  sent.on_full = "reject";
  sent.hold_log = "logs/a \"quoted\" name.csv";
  sent.faults = {0.1, 503, 0.125, 0.01, 0.02, 0.3, 7ms};
  sent.brownout = {60s, 3s, 2.5};
  sent.slowdown = {0.015625, 1e-4};

  DelayProfile received;
  ConfigSpec spec;
  bind_delay_profile(spec, "profile.", received);
  const auto settings = delay_profile_settings(sent, "profile.");
  const auto loaded = load_config(spec, {.file = {}, .environment = {}, .sets = settings});

  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(delay_profile_settings(received, "profile."), settings);
  EXPECT_EQ(received.delay.median, 1500us);
  EXPECT_EQ(received.delay.alpha, 2.25);
  ASSERT_EQ(received.delay.parts.size(), 2U);
  EXPECT_EQ(received.delay.parts[0].weight, 9);
  EXPECT_EQ(received.delay.parts[1].delay, 6ms);
  EXPECT_EQ(received.delay.column, "drawn_ns");
  EXPECT_EQ(received.seed, sent.seed);
  EXPECT_EQ(received.hold_log, sent.hold_log);
  EXPECT_EQ(received.faults.error_status, 503U);
  EXPECT_EQ(received.faults.drip_pause, 7ms);
  EXPECT_EQ(received.brownout.length, 3s);
  EXPECT_EQ(received.slowdown.coherency, 1e-4);
}

}  // namespace
}  // namespace waitlab
