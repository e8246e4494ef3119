#pragma once

#include <coroutine>
#include <cstdint>
#include <utility>

namespace waitlab::client::explorer {

/// What shared variables hold and steps give back.
using Value = std::int64_t;

/// A variable that threads share, by its place in `Program::variables()`.
struct Variable {
  unsigned index = 0;
};

/// A lock, by its place in `Program::locks()`.
struct Lock {
  unsigned index = 0;
};

/// What a thread does in one piece: no other thread runs while it does, and any may run before and after.
struct Step {
  enum class Kind { load, store, add, compare_exchange, lock, try_lock, unlock, compute, pause };

  Kind kind = Kind::pause;
  unsigned object = 0;     ///< index of the variable or lock; 0 if it has none
  Value operand = 0;       ///< what is stored or added; what a compare-exchange writes
  Value expected = 0;      ///< of a compare-exchange
  const char* label = "";  ///< of a computation
};

/// Gives the variable's value.
inline Step load(Variable variable) {
  return {.kind = Step::Kind::load, .object = variable.index};
}
inline Step store(Variable variable, Value value) {
  return {.kind = Step::Kind::store, .object = variable.index, .operand = value};
}
/// An atomic fetch-and-add; gives the value before.
inline Step add(Variable variable, Value summand) {
  return {.kind = Step::Kind::add, .object = variable.index, .operand = summand};
}
/// Writes `desired` if the variable holds `expected`; gives 1 if it did, else 0.
inline Step compare_exchange(Variable variable, Value expected, Value desired) {
  return {.kind = Step::Kind::compare_exchange, .object = variable.index, .operand = desired, .expected = expected};
}
/// Cannot be taken while any thread holds the lock, the same thread included. Nobody queues: once the lock is free,
/// each thread that waits for it may be the next.
inline Step lock(Lock lock) {
  return {.kind = Step::Kind::lock, .object = lock.index};
}
/// Never waits; gives 1 if it took the lock, else 0.
inline Step try_lock(Lock lock) {
  return {.kind = Step::Kind::try_lock, .object = lock.index};
}
/// By the thread that holds the lock only: else the step throws std::logic_error.
inline Step unlock(Lock lock) {
  return {.kind = Step::Kind::unlock, .object = lock.index};
}
/// A step that touches nothing shared, such as an addition in a register; others may run before and after it.
/// `label`: its text, a literal.
inline Step compute(const char* label) {
  return {.kind = Step::Kind::compute, .label = label};
}
/// What a thread does before it tries again.
inline Step pause() {
  return {.kind = Step::Kind::pause};
}

/// A coroutine that stands for a thread. It awaits Steps, `const Value value = co_await load(counter);`, and is
/// suspended before each until a schedule says that it is this thread's turn. What it does next may depend on nothing
/// but its parameters and what its steps gave: it reads no other state, and writes none. What a step gives is named
/// before it is used, as GCC 12 miscompiles a `co_await` in a condition. Owns its frame. Not thread-safe.
class ThreadSteps {
 public:
  struct promise_type {
    struct Taken {
      promise_type& promise;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<>) const noexcept {}
      Value await_resume() const noexcept { return promise.result; }
    };

    ThreadSteps get_return_object() noexcept { return ThreadSteps(Handle::from_promise(*this)); }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const { throw; }
    Taken await_transform(const Step& step) noexcept {
      next = step;
      return {*this};
    }

    Step next;
    Value result = 0;
  };

  ThreadSteps(ThreadSteps&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  ThreadSteps& operator=(ThreadSteps&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~ThreadSteps() {
    if (handle_) handle_.destroy();
  }

  /// The step before which it is suspended, or null if it has finished. Valid until `proceed`.
  const Step* next() const noexcept { return handle_.done() ? nullptr : &handle_.promise().next; }
  /// Goes on to the step after, where the next one gave `result`. It must not have finished.
  void proceed(Value result) {
    handle_.promise().result = result;
    handle_.resume();
  }

 private:
  using Handle = std::coroutine_handle<promise_type>;
  explicit ThreadSteps(Handle handle) noexcept : handle_(handle) {}

  Handle handle_;
};

}  // namespace waitlab::client::explorer
