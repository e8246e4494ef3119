#include "backend/profiles.hpp"

#include "tests/support/temporary_file.hpp"
#include "tests/unit/backend/fake_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace waitlab::backend {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class ProfilesTest : public testing::Test {
 protected:
  ProfilesTest() {
    settings_.standard.delay.distribution = "fixed";
    settings_.named["db"].concurrency = 1;
    settings_.named["cache"].hold_log = log_.path();
  }

  static void submit(Profiles& profiles, std::string_view name, const std::string& id = "a") {
    (*profiles.find(name))
        ->submit({.request_id = id, .route = "/wait", .delay = 1ms, .timeout = {}}, [](const HoldRecord&) {});
  }

  const TemporaryFile log_{".csv"};
  DelayProfiles settings_;
  FakeTime time_;
};

TEST_F(ProfilesTest, HaveACapOfTheirOwn) {
  Profiles profiles(settings_, time_);
  for (const char* name : {"", "", "db", "db"})
    submit(profiles, name);
  EXPECT_EQ(profiles.counts().holding, 3U);
  EXPECT_EQ(profiles.counts().queued, 1U);
  EXPECT_EQ((*profiles.find("db"))->counts().holding, 1U);
  EXPECT_EQ((*profiles.find(""))->counts().holding, 2U);
}

TEST_F(ProfilesTest, AreCountedByNameAndTogether) {
  Profiles profiles(settings_, time_);
  submit(profiles, "");
  submit(profiles, "db");
  time_.advance(1ms);
  EXPECT_EQ(profiles.counts()[Outcome::served], 2U);
  const auto counts = profiles.counts_by_name();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].first, "cache");
  EXPECT_EQ(counts[0].second[Outcome::served], 0U);
  EXPECT_EQ(counts[1].first, "db");
  EXPECT_EQ(counts[1].second[Outcome::served], 1U);
}

TEST_F(ProfilesTest, ListTheNamesThereAreForAnUnknownOne) {
  Profiles profiles(settings_, time_);
  const auto found = profiles.find("bd");
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, HasSubstr("there is no profile \"bd\"; there are: cache, db"));
}

TEST_F(ProfilesTest, LogTheirOwnHolds) {
  const TemporaryFile moved(".csv.1");
  {
    Profiles profiles(settings_, time_);
    ASSERT_TRUE(profiles.open_logs());
    submit(profiles, "", "other");
    submit(profiles, "cache", "before");
    time_.advance(1ms);
    std::filesystem::rename(log_.path(), moved.path());
    profiles.reopen_logs();
    submit(profiles, "cache", "after");
    time_.advance(1ms);
  }
  EXPECT_THAT(moved.text(), HasSubstr("\nbefore,"));
  EXPECT_THAT(moved.text(), Not(HasSubstr("other")));
  EXPECT_THAT(log_.text(), HasSubstr("\nafter,"));
}

TEST_F(ProfilesTest, SayWhichLogCannotBeOpened) {
  settings_.named["db"].hold_log = "/nowhere/holds.csv";
  Profiles profiles(settings_, time_);
  const auto opened = profiles.open_logs();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("profiles.db.hold_log"));
}

}  // namespace
}  // namespace waitlab::backend
