#include "backend/hold_service.hpp"

#include "tests/unit/backend/fake_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace waitlab::backend {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

DelayProfile profile_with(std::uint32_t concurrency, std::string on_full = "queue") {
  DelayProfile profile;
  profile.concurrency = concurrency;
  profile.on_full = std::move(on_full);
  return profile;
}

HoldRequest request(std::string id, std::chrono::nanoseconds delay) {
  return {.request_id = std::move(id), .route = "/wait", .delay = delay, .timeout = {}};
}

HoldRequest impatient(std::string id, std::chrono::nanoseconds delay, std::chrono::nanoseconds timeout) {
  return {.request_id = std::move(id), .route = "/wait", .delay = delay, .timeout = timeout};
}

class HoldServiceTest : public testing::Test {
 protected:
  void configure(DelayProfile profile) {
    service_.emplace(std::move(profile), time_, [this](const HoldRecord& record) { log_.push_back(record); });
  }

  HoldService::Id submit(HoldRequest wanted) {
    return service_->submit(std::move(wanted), [this](const HoldRecord& record) { told_.push_back(record); });
  }

  std::vector<std::string> told_ids() const {
    std::vector<std::string> ids;
    for (const HoldRecord& record : told_)
      ids.push_back(record.request_id);
    return ids;
  }

  FakeTime time_;
  std::vector<HoldRecord> log_;
  std::vector<HoldRecord> told_;
  std::optional<HoldService> service_;
};

TEST_F(HoldServiceTest, HoldsForTheDelayAskedFor) {
  configure({});
  submit(request("a", 50ms));
  time_.advance(50ms - 1ns);
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_EQ(service_->counts().holding, 1u);
  time_.advance(1ns);
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0].outcome, Outcome::served);
  EXPECT_EQ(told_[0].drawn, 50ms);
  EXPECT_EQ(told_[0].held, 50ms);
  EXPECT_EQ(told_[0].queued, 0ms);
  EXPECT_EQ(service_->counts().holding, 0u);
  EXPECT_EQ(service_->counts()[Outcome::served], 1u);
}

TEST_F(HoldServiceTest, DrawsTheDelayFromTheProfileByRouteAndId) {
  const DelayProfile profile;
  configure(profile);
  submit({.request_id = "a", .route = "/wait", .delay = {}, .timeout = {}});
  time_.advance(1h);
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0].drawn, draw_delay(profile, "/wait", "a"));
  EXPECT_EQ(told_[0].held, told_[0].drawn);
}

TEST_F(HoldServiceTest, NamesRequestsThatComeWithoutAnId) {
  configure({});
  submit(request("", 1ms));
  submit(request("", 1ms));
  time_.advance(1ms);
  EXPECT_THAT(told_ids(), ElementsAre("backend-1", "backend-2"));
}

TEST_F(HoldServiceTest, HoldsAnyNumberAtOnceWithoutACap) {
  configure(profile_with(0));
  for (int i = 0; i < 1000; ++i)
    submit(request("", 50ms));
  EXPECT_EQ(service_->counts().holding, 1000u);
  time_.advance(50ms);
  EXPECT_EQ(service_->counts()[Outcome::served], 1000u);
}

TEST_F(HoldServiceTest, QueuesBeyondTheCapInOrderOfArrival) {
  configure(profile_with(1));
  submit(request("a", 10ms));
  submit(request("b", 30ms));
  submit(request("c", 5ms));
  EXPECT_EQ(service_->counts().holding, 1u);
  EXPECT_EQ(service_->counts().queued, 2u);
  time_.advance(1s);
  EXPECT_THAT(told_ids(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(told_[1].arrival, TimeSource::UnixTime{});
  EXPECT_EQ(told_[1].queued, 10ms);
  EXPECT_EQ(told_[1].held, 30ms);
  EXPECT_EQ(told_[2].queued, 40ms);
  EXPECT_EQ(told_[2].held, 5ms);
}

TEST_F(HoldServiceTest, RejectsBeyondTheCapAtOnceWhenToldTo) {
  configure(profile_with(1, "reject"));
  submit(request("a", 10ms));
  submit(request("b", 10ms));
  EXPECT_THAT(told_ids(), ElementsAre("b"));
  EXPECT_EQ(told_[0].outcome, Outcome::rejected);
  EXPECT_EQ(told_[0].held, 0ns);
  EXPECT_EQ(service_->counts()[Outcome::rejected], 1u);
}

TEST_F(HoldServiceTest, ExpiresAHoldQueuedPastItsDeadline) {
  configure(profile_with(1));
  submit(request("a", 10ms));
  submit(impatient("b", 1ms, 4ms));
  time_.advance(4ms);
  EXPECT_THAT(told_ids(), ElementsAre("b"));
  EXPECT_EQ(told_[0].outcome, Outcome::expired);
  EXPECT_EQ(told_[0].queued, 4ms);
  EXPECT_EQ(told_[0].held, 0ns);
  EXPECT_EQ(service_->counts().queued, 0u);
  EXPECT_EQ(service_->counts()[Outcome::expired], 1u);
}

TEST_F(HoldServiceTest, NeverStartsAHoldPastItsDeadlineEvenWhenTimersAreLate) {
  configure(profile_with(1));
  const auto first = submit(request("a", 10ms));
  submit(impatient("b", 1ms, 4ms));
  time_.stall(5ms);
  service_->abandon(first);
  ASSERT_THAT(told_ids(), ElementsAre("b"));
  EXPECT_EQ(told_[0].outcome, Outcome::expired);
}

TEST_F(HoldServiceTest, ServesAHoldThatStartsBeforeItsDeadlineToItsEnd) {
  configure({});
  submit(impatient("a", 10ms, 4ms));
  time_.advance(10ms);
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0].outcome, Outcome::served);
}

TEST_F(HoldServiceTest, GivesTheSlotOfAnAbandonedHoldToTheNext) {
  configure(profile_with(1));
  const auto first = submit(request("a", 10ms));
  submit(request("b", 10ms));
  time_.advance(3ms);
  service_->abandon(first);
  EXPECT_EQ(service_->counts().holding, 1u);
  EXPECT_EQ(service_->counts().queued, 0u);
  time_.advance(10ms);
  EXPECT_THAT(told_ids(), ElementsAre("b"));
  ASSERT_EQ(log_.size(), 2u);
  EXPECT_EQ(log_[0].outcome, Outcome::aborted);
  EXPECT_EQ(log_[0].held, 3ms);
  EXPECT_EQ(log_[1].queued, 3ms);
  EXPECT_EQ(service_->counts()[Outcome::aborted], 1u);
}

TEST_F(HoldServiceTest, ForgetsAnAbandonedQueuedHold) {
  configure(profile_with(1));
  submit(request("a", 10ms));
  const auto second = submit(impatient("b", 10ms, 20ms));
  submit(request("c", 10ms));
  service_->abandon(second);
  time_.advance(20ms);
  EXPECT_THAT(told_ids(), ElementsAre("a", "c"));
  EXPECT_EQ(time_.pending(), 0u);
}

TEST_F(HoldServiceTest, IgnoresAbandoningWhatHasEnded) {
  configure({});
  const auto first = submit(request("a", 10ms));
  time_.advance(10ms);
  service_->abandon(first);
  EXPECT_EQ(service_->counts()[Outcome::aborted], 0u);
  EXPECT_EQ(log_.size(), 1u);
}

TEST_F(HoldServiceTest, LogsAHoldBeforeItsCallerIsTold) {
  configure({});
  std::size_t logged = 0;
  service_->submit(request("a", 1ms), [&](const HoldRecord&) { logged = log_.size(); });
  time_.advance(1ms);
  EXPECT_EQ(logged, 1u);
}

TEST_F(HoldServiceTest, MayBeCalledByACallerBeingTold) {
  configure(profile_with(1));
  service_->submit(request("a", 10ms), [&](const HoldRecord&) { submit(request("c", 1ms)); });
  submit(request("b", 10ms));
  time_.advance(1s);
  EXPECT_THAT(told_ids(), ElementsAre("b", "c"));
}

TEST_F(HoldServiceTest, ReportsTheHoldThatWasNotTheOnePlanned) {
  configure({});
  submit(request("a", 10ms));
  time_.stall(13ms);
  time_.advance(0ms);
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0].drawn, 10ms);
  EXPECT_EQ(told_[0].held, 13ms);
}

}  // namespace
}  // namespace waitlab::backend
