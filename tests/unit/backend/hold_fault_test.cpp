#include "backend/hold_service.hpp"

#include "tests/unit/backend/fake_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::backend {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

DelayProfile with_faults(DelayProfile::Faults faults) {
  DelayProfile profile;
  profile.faults = faults;
  return profile;
}

/// What befalls holds, and how a change at run time reaches them.
class HoldFaultTest : public testing::Test {
 protected:
  void configure(DelayProfile profile) {
    told_.clear();
    service_.emplace(std::move(profile), time_, [this](const HoldRecord& record) { log_.push_back(record); });
  }

  HoldService::Id submit(const std::string& id, std::chrono::nanoseconds delay) {
    return service_->submit({.request_id = id, .route = "/wait", .delay = delay, .timeout = {}},
                            [this](const HoldRecord& record) { told_.push_back(record); });
  }

  std::uint64_t count(Outcome outcome) const { return service_->counts()[outcome]; }

  FakeTime time_;
  std::vector<HoldRecord> log_;
  std::vector<HoldRecord> told_;
  std::optional<HoldService> service_;
};

TEST_F(HoldFaultTest, ComesAfterTheHold) {
  const std::vector<std::pair<DelayProfile::Faults, Outcome>> faults{{{.error = 1}, Outcome::failed},
                                                                     {{.reset_before = 1}, Outcome::reset_before},
                                                                     {{.reset_in = 1}, Outcome::reset_in},
                                                                     {{.drip = 1}, Outcome::dripped}};
  for (const auto& [fault, outcome] : faults) {
    configure(with_faults(fault));
    submit("a", 50ms);
    time_.advance(50ms - 1ns);
    EXPECT_THAT(told_, IsEmpty());
    time_.advance(1ns);
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_EQ(told_[0].outcome, outcome);
    EXPECT_EQ(told_[0].held, 50ms);
    EXPECT_EQ(log_.back().outcome, outcome);
    EXPECT_EQ(count(outcome), 1U);
    EXPECT_EQ(count(Outcome::served), 0U);
  }
}

TEST_F(HoldFaultTest, TellsWhatToAnswerWith) {
  configure(with_faults({.error = 0.5, .error_status = 503, .drip = 0.5, .drip_pause = 7ms}));
  submit("a", 0ms);
  time_.advance(0ms);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].error_status, 503U);
  EXPECT_EQ(told_[0].drip_pause, 7ms);
}

TEST_F(HoldFaultTest, BefallsTheSameRequestsUnderRepetition) {
  configure(with_faults({.error = 0.3, .drip = 0.3}));
  std::vector<std::vector<Outcome>> runs(2);
  for (auto& outcomes : runs) {
    for (int id = 0; id < 50; ++id) {
      submit(std::to_string(id), 0ms);
      time_.advance(0ms);
      outcomes.push_back(told_.back().outcome);
    }
  }
  EXPECT_EQ(runs[0], runs[1]);
  EXPECT_THAT(runs[0], testing::Contains(Outcome::failed));
  EXPECT_THAT(runs[0], testing::Contains(Outcome::served));
}

TEST_F(HoldFaultTest, StallsUntilTheCallerLeaves) {
  DelayProfile profile = with_faults({.stall = 1});
  profile.concurrency = 1;
  configure(profile);
  const auto first = submit("a", 50ms);
  const auto second = submit("b", 50ms);
  time_.advance(24h);
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_EQ(service_->counts().holding, 1U) << "it keeps its place";
  service_->abandon(second);
  EXPECT_EQ(count(Outcome::aborted), 1U) << "one that was queued has not stalled";
  service_->abandon(first);
  EXPECT_EQ(count(Outcome::stalled), 1U);
  EXPECT_EQ(service_->counts().holding, 0U);
  EXPECT_EQ(log_.back().outcome, Outcome::stalled);
  EXPECT_EQ(log_.back().held, 24h);
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(HoldFaultTest, StallsAlsoAfterAQueueWithADeadline) {
  DelayProfile profile = with_faults({.stall = 1});
  profile.concurrency = 1;
  configure(profile);
  const auto first = submit("a", 50ms);
  service_->submit({.request_id = "b", .route = "/wait", .delay = 1ms, .timeout = 1s},
                   [this](const HoldRecord& record) { told_.push_back(record); });
  service_->abandon(first);
  time_.advance(2s);
  EXPECT_EQ(service_->counts().holding, 1U);
  EXPECT_EQ(count(Outcome::expired), 0U);
}

TEST_F(HoldFaultTest, FixesTheSlowdownWhenAHoldStarts) {
  DelayProfile profile;
  profile.slowdown.contention = 1;
  configure(profile);
  submit("alone", 10ms);
  submit("second", 10ms);
  time_.advance(10ms);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].held, 10ms) << "though another has come";
  time_.advance(10ms);
  ASSERT_EQ(told_.size(), 2U);
  EXPECT_EQ(told_[1].held, 20ms) << "though the other has gone";
  EXPECT_EQ(told_[1].drawn, 10ms);
}

TEST_F(HoldFaultTest, CountsBrownoutsFromItsStart) {
  DelayProfile profile;
  profile.brownout = {.every = 60s, .length = 5s, .factor = 4};
  time_.advance(1000s);
  configure(profile);
  time_.advance(60s);
  submit("a", 10ms);
  time_.advance(1s);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].held, 40ms);
}

TEST_F(HoldFaultTest, LeavesHoldsThatAreThereAloneWhenTheProfileChanges) {
  DelayProfile profile;
  profile.concurrency = 2;
  configure(profile);
  submit("held", 10ms);
  submit("held longer", 1s);
  submit("queued", 10ms);
  DelayProfile other = with_faults({.error = 1});
  other.concurrency = 2;
  other.slowdown.contention = 1;
  service_->change(other);
  submit("later", 10ms);
  time_.advance(40ms);
  ASSERT_EQ(told_.size(), 3U);
  EXPECT_EQ(told_[0].outcome, Outcome::served);
  EXPECT_EQ(told_[1].outcome, Outcome::served);
  EXPECT_EQ(told_[1].held, 10ms) << "as one of two";
  EXPECT_EQ(told_[2].outcome, Outcome::failed);
  EXPECT_EQ(told_[2].held, 20ms);
}

TEST_F(HoldFaultTest, DrawsFromTheProfileThatItHasNow) {
  configure({});
  DelayProfile other;
  other.seed = 99;
  service_->change(other);
  EXPECT_EQ(service_->profile().seed, 99U);
  service_->submit({.request_id = "a", .route = "/wait", .delay = {}, .timeout = {}},
                   [this](const HoldRecord& record) { told_.push_back(record); });
  time_.advance(1h);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].drawn, draw_delay(other, "/wait", "a"));
}

TEST_F(HoldFaultTest, StartsQueuedHoldsWhenTheCapIsRaised) {
  DelayProfile profile;
  profile.concurrency = 1;
  configure(profile);
  for (const char* id : {"a", "b", "c"})
    submit(id, 10ms);
  EXPECT_EQ(service_->counts().queued, 2U);
  profile.concurrency = 0;
  service_->change(profile);
  EXPECT_EQ(service_->counts().holding, 3U);
  EXPECT_EQ(service_->counts().queued, 0U);
}

}  // namespace
}  // namespace waitlab::backend
