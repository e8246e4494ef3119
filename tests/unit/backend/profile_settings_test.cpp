#include "backend/profile_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace waitlab::backend {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string refusal_of(const std::string& json) {
  DelayProfile profile;
  profile.hold_log = "holds.csv";
  const auto changed = changed_profile(profile, json);
  return changed ? "accepted" : changed.error().message;
}

TEST(ProfileSettings, AreToldAsTheConfigHasThem) {
  DelayProfile profile;
  profile.delay.parts = {{.weight = 2, .delay = 5ms}};
  profile.faults.drip = 0.25;
  const auto json = nlohmann::json::parse(profile_json(profile));
  EXPECT_EQ(json["delay"]["distribution"], "exponential");
  EXPECT_EQ(json["delay"]["mean"], "50ms");
  EXPECT_EQ(json["delay"]["parts"][0]["delay"], "5ms");
  EXPECT_EQ(json["seed"], 1);
  EXPECT_EQ(json["faults"]["drip"], 0.25);
  EXPECT_EQ(json["brownout"]["for"], "5s");
  EXPECT_EQ(json["slowdown"]["coherency"], 0);
}

TEST(ProfileSettings, CanBeGivenBackAsTheyWereTold) {
  DelayProfile profile;
  profile.hold_log = "holds.csv";
  profile.concurrency = 7;
  const auto changed = changed_profile(profile, profile_json(profile));
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(profile_json(*changed), profile_json(profile));
}

TEST(ProfileSettings, ChangeOnlyWhatIsGiven) {
  DelayProfile profile;
  profile.delay.mean = 7ms;
  profile.concurrency = 7;
  const auto changed = changed_profile(profile, R"({"seed": 5, "delay": {"distribution": "fixed", "value": "3ms"},
                                                    "faults.error": 0.5})");
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(changed->seed, 5U);
  EXPECT_EQ(changed->delay.distribution, "fixed");
  EXPECT_EQ(changed->delay.value, 3ms);
  EXPECT_EQ(changed->delay.mean, 7ms);
  EXPECT_EQ(changed->concurrency, 7U);
  EXPECT_EQ(changed->faults.error, 0.5);
}

TEST(ProfileSettings, NameTheKeyThatIsWrong) {
  EXPECT_THAT(refusal_of(R"({"delay": {"mean": 50}})"), HasSubstr("body:1: delay.mean: must be a duration"));
  EXPECT_THAT(refusal_of(R"({"sead": 1})"), HasSubstr("sead: unknown key; did you mean \"seed\"?"));
  EXPECT_THAT(refusal_of(R"({"seed": 1, "seed": 2})"), HasSubstr("seed: duplicate key"));
  EXPECT_THAT(refusal_of(R"({"faults": {"error": 0.6, "drip": 0.6}})"), HasSubstr("faults.error"));
  EXPECT_THAT(refusal_of(R"({"delay": {"distribution": "pareto"}})"), HasSubstr("delay.min is 0s"));
  EXPECT_THAT(refusal_of("[1]"), HasSubstr("must be an object with the keys delay, seed"));
  EXPECT_THAT(refusal_of(""), HasSubstr("body:1:1: "));
  EXPECT_THAT(refusal_of("{"), HasSubstr("body:1:"));
}

TEST(ProfileSettings, KeepTheFilesThatWereOpenedAtTheStart) {
  EXPECT_THAT(refusal_of(R"({"hold_log": "other.csv"})"), HasSubstr("hold_log names a file"));
  EXPECT_THAT(refusal_of(R"({"delay": {"file": "/etc/passwd", "distribution": "replay"}})"),
              HasSubstr("delay.file names a file"));
  EXPECT_EQ(refusal_of(R"({"hold_log": "holds.csv", "delay": {"file": ""}})"), "accepted");
}

}  // namespace
}  // namespace waitlab::backend
