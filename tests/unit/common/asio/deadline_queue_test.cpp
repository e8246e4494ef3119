#include "common/asio/deadline_queue.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>

namespace waitlab {
namespace {

using namespace std::chrono_literals;

class Alarm final : public Deadline {
 public:
  explicit Alarm(std::function<void()> ring = [] {}) : ring_(std::move(ring)) {}
  int rung() const { return rung_; }

 private:
  void expired() override {
    ++rung_;
    ring_();
  }

  std::function<void()> ring_;
  int rung_ = 0;
};

Clock::time_point at(std::chrono::milliseconds time) {
  return Clock::time_point(time);
}

TEST(DeadlineQueue, ExpiresWhatIsDueAndNothingElse) {
  DeadlineQueue queue;
  Alarm early;
  Alarm late;
  queue.set(early, at(10ms));
  queue.set(late, at(20ms));

  queue.expire(at(10ms));

  EXPECT_EQ(early.rung(), 1);
  EXPECT_EQ(late.rung(), 0);
  EXPECT_EQ(queue.next(), at(20ms));
}

TEST(DeadlineQueue, MovingADeadlineLaterKeepsTheEarlyWakeButDoesNotExpireIt) {
  DeadlineQueue queue;
  Alarm alarm;
  queue.set(alarm, at(10ms));

  EXPECT_FALSE(queue.set(alarm, at(50ms)));
  EXPECT_EQ(queue.next(), at(10ms));
  queue.expire(at(10ms));

  EXPECT_EQ(alarm.rung(), 0);
  EXPECT_EQ(queue.next(), at(50ms));
  queue.expire(at(50ms));
  EXPECT_EQ(alarm.rung(), 1);
}

TEST(DeadlineQueue, TellsWhenTheOwnerMustWakeEarlier) {
  DeadlineQueue queue;
  Alarm first;
  Alarm second;

  EXPECT_TRUE(queue.set(first, at(30ms)));
  EXPECT_FALSE(queue.set(second, at(40ms)));
  EXPECT_TRUE(queue.set(second, at(5ms)));
  EXPECT_EQ(queue.next(), at(5ms));
}

TEST(DeadlineQueue, AClearedDeadlineDoesNotExpire) {
  DeadlineQueue queue;
  Alarm alarm;
  queue.set(alarm, at(10ms));
  queue.clear(alarm);

  queue.expire(at(1000ms));

  EXPECT_EQ(alarm.rung(), 0);
  EXPECT_EQ(queue.next(), Clock::time_point::max());
}

TEST(DeadlineQueue, ADestroyedDeadlineLeavesTheQueue) {
  DeadlineQueue queue;
  auto alarm = std::make_unique<Alarm>();
  queue.set(*alarm, at(10ms));
  alarm.reset();

  EXPECT_EQ(queue.next(), Clock::time_point::max());
}

TEST(DeadlineQueue, ACallbackMayDestroyAnotherDueDeadline) {
  DeadlineQueue queue;
  auto victim = std::make_unique<Alarm>();
  Alarm killer([&] { victim.reset(); });
  queue.set(killer, at(1ms));
  queue.set(*victim, at(2ms));

  queue.expire(at(5ms));

  EXPECT_EQ(killer.rung(), 1);
  EXPECT_EQ(victim, nullptr);
}

TEST(DeadlineQueue, ACallbackMaySetItsOwnDeadlineAgain) {
  DeadlineQueue queue;
  Alarm* self = nullptr;
  auto next = at(10ms);
  Alarm alarm([&] { queue.set(*self, next += 10ms); });
  self = &alarm;
  queue.set(alarm, next);

  queue.expire(at(10ms));
  EXPECT_EQ(alarm.rung(), 1);
  queue.expire(at(20ms));
  EXPECT_EQ(alarm.rung(), 2);
}

}  // namespace
}  // namespace waitlab
