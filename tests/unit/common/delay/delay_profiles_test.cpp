#include "common/delay/delay_profiles.hpp"

#include "common/config/config_loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

DelayProfiles load(const std::vector<std::string>& sets, const std::string& prefix = "") {
  DelayProfiles profiles;
  ConfigSpec spec;
  bind_delay_profiles(spec, prefix, profiles);
  const auto loaded = load_config(spec, {{}, {}, sets});
  EXPECT_TRUE(loaded) << loaded.error().message;
  return profiles;
}

std::string failure_of(DelayProfiles profiles) {
  const auto prepared = prepare_delay_profiles(profiles, "backend.");
  return prepared ? "" : prepared.error().message;
}

TEST(DelayProfiles, AreFoundByName) {
  const DelayProfiles profiles = load({"profile.seed=5", "profiles.db.delay.mean=7ms", "profiles.cache.seed=9"});
  EXPECT_EQ((*profiles.find(""))->seed, 5U);
  EXPECT_EQ((*profiles.find("db"))->delay.mean, 7ms);
  EXPECT_EQ((*profiles.find("db"))->seed, 1U) << "what it does not say is as by default";
  EXPECT_EQ((*profiles.find("cache"))->seed, 9U);
}

TEST(DelayProfiles, ListTheNamesThereAreForAnUnknownOne) {
  const auto found = load({"profiles.db.seed=2", "profiles.cache.seed=3"}).find("bd");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "there is no profile \"bd\"; there are: cache, db");
  EXPECT_EQ(load({}).find("db").error().message, "there is no profile \"db\"; none has a name here");
}

TEST(DelayProfiles, AreAllCheckedByTheirOwnKeys) {
  EXPECT_EQ(failure_of(load({"profiles.db.seed=2"})), "");
  EXPECT_THAT(failure_of(load({"profiles.db.delay.distribution=pareto"})),
              HasSubstr("backend.profiles.db.delay.min is 0s"));
  EXPECT_THAT(failure_of(load({"profile.delay.distribution=pareto"})), HasSubstr("backend.profile.delay.min is 0s"));
}

TEST(DelayProfiles, DoNotShareAHoldLog) {
  EXPECT_EQ(failure_of(load({"profile.hold_log=a", "profiles.db.hold_log=b"})), "");
  EXPECT_EQ(failure_of(load({"profile.hold_log=a", "profiles.db.hold_log=a"})),
            "backend.profiles.db.hold_log is that of backend.profile.hold_log: give each a file of its own");
}

TEST(DelayProfiles, SurviveBeingHandedOnAsSettings) {
  const DelayProfiles sent = load({"backend.profile.seed=5", "backend.profiles.db.faults.stall=0.5"}, "backend.");
  const auto settings = delay_profiles_settings(sent, "");
  const DelayProfiles received = load(settings);
  EXPECT_EQ(delay_profiles_settings(received, ""), settings);
  EXPECT_EQ(received.standard.seed, 5U);
  EXPECT_EQ(received.named.at("db").faults.stall, 0.5);
}

TEST(DelayProfiles, TellWhichKeysHaveChanged) {
  const DelayProfiles from = load({"profiles.db.seed=2", "profiles.old.seed=2"});
  EXPECT_THAT(changed_keys(from, from, "backend."), IsEmpty());
  const DelayProfiles to = load({"profile.seed=7", "profiles.db.seed=3", "profiles.new.seed=2"});
  EXPECT_THAT(changed_keys(from, to, "backend."), ElementsAre("backend.profile.seed", "backend.profiles.db.seed",
                                                              "backend.profiles.old", "backend.profiles.new"));
}

}  // namespace
}  // namespace waitlab
