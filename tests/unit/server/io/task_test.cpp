#include "server/io/task.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::server {
namespace {

/// Suspends whoever awaits it until it is opened.
class Gate {
 public:
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) noexcept { waiter_ = waiter; }
  void await_resume() const noexcept {}

  bool is_awaited() const noexcept { return waiter_ != nullptr; }
  void open() { std::exchange(waiter_, nullptr).resume(); }

 private:
  std::coroutine_handle<> waiter_;
};

Task<int> answer_at_once() {
  co_return 42;
}

Task<int> answer_after(Gate& gate) {
  co_await gate;
  co_return 42;
}

Task<int> add_one(Task<int> number) {
  const int value = co_await number;
  co_return value + 1;
}

Task<int> fail(const char* why) {
  throw std::runtime_error(why);
  co_return 0;
}

Task<void> fail_after(Gate& gate) {
  co_await gate;
  throw std::runtime_error("late");
}

TEST(Task, StartsBeforeItIsAwaited) {
  Gate gate;
  const Task<int> task = answer_after(gate);
  EXPECT_TRUE(gate.is_awaited());
  EXPECT_FALSE(task.await_ready());
}

TEST(Task, SuspendsNothingOnceItHasFinished) {
  const Task<int> task = answer_at_once();
  EXPECT_TRUE(task.await_ready());
  EXPECT_EQ(task.get(), 42);
  EXPECT_EQ(add_one(answer_at_once()).get(), 43);
}

TEST(Task, ResumesItsCallerWhenItEnds) {
  Gate gate;
  const Task<int> task = add_one(answer_after(gate));
  EXPECT_FALSE(task.await_ready());
  gate.open();
  EXPECT_TRUE(task.await_ready());
  EXPECT_EQ(task.get(), 43);
}

TEST(Task, ResumesThroughEveryCaller) {
  Gate gate;
  const Task<int> task = add_one(add_one(add_one(answer_after(gate))));
  gate.open();
  EXPECT_EQ(task.get(), 45);
}

TEST(Task, LetsAnExceptionOutThroughTheAwait) {
  EXPECT_THROW(add_one(fail("at once")).get(), std::runtime_error);
  Gate gate;
  const Task<void> task = fail_after(gate);
  gate.open();
  EXPECT_THROW(task.await_resume(), std::runtime_error);
}

Task<std::string> caught(Gate& gate) {
  std::string what;
  try {
    co_await fail_after(gate);
  } catch (const std::runtime_error& error) {
    what = error.what();
  }
  co_return what;
}

TEST(Task, LetsItsCallerCatch) {
  Gate gate;
  const Task<std::string> task = caught(gate);
  gate.open();
  EXPECT_EQ(task.get(), "late");
}

Task<std::unique_ptr<int>> make_number() {
  co_return std::make_unique<int>(7);
}

TEST(Task, GivesItsResultAway) {
  EXPECT_EQ(*make_number().get(), 7);
}

/// Where the stack is, within a frame or so.
[[gnu::noinline]] std::uintptr_t stack_position() {
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

Task<std::uintptr_t> position_at_once() {
  co_return stack_position();
}

constexpr int many_awaits = 100'000;
constexpr std::uintptr_t few_frames = 16 * 1024;

std::uintptr_t distance(std::uintptr_t a, std::uintptr_t b) {
  return a > b ? a - b : b - a;
}

Task<std::uintptr_t> farthest_of_many() {
  const std::uintptr_t first = co_await position_at_once();
  std::uintptr_t farthest = 0;
  for (int await = 0; await < many_awaits; ++await) {
    const std::uintptr_t position = co_await position_at_once();
    farthest = std::max(farthest, distance(first, position));
  }
  co_return farthest;
}

TEST(Task, ManyThatFinishAtOnceDoNotGrowTheStack) {
  const Task<std::uintptr_t> task = farthest_of_many();
  ASSERT_TRUE(task.await_ready());
  EXPECT_LT(task.get(), few_frames);
}

Task<std::uintptr_t> position_after(Gate& gate) {
  co_await gate;
  co_return stack_position();
}

Task<std::uintptr_t> farthest_of_many_after(Gate& gate) {
  const std::uintptr_t first = co_await position_after(gate);
  std::uintptr_t farthest = 0;
  for (int await = 0; await < many_awaits; ++await) {
    const std::uintptr_t position = co_await position_after(gate);
    farthest = std::max(farthest, distance(first, position));
  }
  co_return farthest;
}

TEST(Task, ManyThatSuspendDoNotGrowTheStack) {
  Gate gate;
  const Task<std::uintptr_t> task = farthest_of_many_after(gate);
  while (gate.is_awaited())
    gate.open();
  ASSERT_TRUE(task.await_ready());
  EXPECT_LT(task.get(), few_frames);
}

/// Notes when it dies.
class Witness {
 public:
  explicit Witness(std::vector<std::string>& notes) : notes_(notes) {}
  ~Witness() { notes_.emplace_back("died"); }
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

 private:
  std::vector<std::string>& notes_;
};

Task<void> wait_with_witness(Gate& gate, std::vector<std::string>& notes) {
  const Witness witness(notes);
  co_await gate;
  notes.emplace_back("resumed");
}

TEST(Task, EndsWhatItHoldsWhenItIsDroppedHalfway) {
  Gate gate;
  std::vector<std::string> notes;
  { const Task<void> task = wait_with_witness(gate, notes); }
  EXPECT_EQ(notes, std::vector<std::string>{"died"});
}

TEST(Task, BelongsToOneOwner) {
  Gate gate;
  std::vector<std::string> notes;
  Task<void> first = wait_with_witness(gate, notes);
  {
    const Task<void> second = std::move(first);
    gate.open();
    EXPECT_TRUE(second.await_ready());
  }
  EXPECT_EQ(notes, (std::vector<std::string>{"resumed", "died"}));
}

Detached run_detached(Gate& gate, std::vector<std::string>& notes) {
  co_await wait_with_witness(gate, notes);
  notes.emplace_back("ended");
}

TEST(Detached, RunsToItsEndByItself) {
  Gate gate;
  std::vector<std::string> notes;
  run_detached(gate, notes);
  EXPECT_TRUE(notes.empty());
  gate.open();
  EXPECT_EQ(notes, (std::vector<std::string>{"resumed", "died", "ended"}));
}

}  // namespace
}  // namespace waitlab::server
