#include "client/lessons/crossing_threads.hpp"

#include "client/lessons/measure.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace waitlab::client {
namespace {

using CrossingClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds until_it_looks{1};
/// Between two looks at the clock, so that the rounds are as quick as without.
constexpr std::uint64_t rounds_without_clock = 64;

/// Two locks and the two threads that want both.
class LockCrossing {
 public:
  explicit LockCrossing(bool ordered) : ordered_(ordered) {}

  /// Thread 0: blocks, and knows of nothing.
  void keep_taking() {
    while (!over_.load(std::memory_order_relaxed)) {
      const std::scoped_lock first(locks_[0]);
      has_only_first_ = true;
      const std::scoped_lock second(locks_[1]);
      has_only_first_ = false;
    }
  }

  /// Thread 1. False if it came to a deadlock and gave way.
  bool take_once() {
    std::timed_mutex& first = locks_[ordered_ ? 0 : 1];
    std::timed_mutex& second = locks_[ordered_ ? 1 : 0];
    const std::scoped_lock holds_first(first);
    // By the system's clock, as sanitizers know the call that this becomes; a clock that jumps makes it look sooner.
    while (!second.try_lock_until(std::chrono::system_clock::now() + until_it_looks)) {
      if (!ordered_ && has_only_first_) return false;
    }
    second.unlock();
    return true;
  }

  void end() { over_ = true; }

 private:
  const bool ordered_;
  std::array<std::timed_mutex, 2> locks_;
  /// Whether thread 0 has its first lock and not yet its second. As thread 1 holds that one while it asks, what it
  /// finds true stays true: a deadlock.
  std::atomic<bool> has_only_first_{false};
  std::atomic<bool> over_{false};
};

/// A pool whose workers know when all of them wait for tasks that none of them is left to do.
class SelfWaitingPool {
 public:
  explicit SelfWaitingPool(unsigned workers) : workers_(workers) {
    try {
      for (unsigned worker = 0; worker < workers; ++worker)
        threads_.emplace_back([this] { work(); });
    } catch (...) {
      end();
      throw;
    }
  }
  ~SelfWaitingPool() { end(); }
  SelfWaitingPool(const SelfWaitingPool&) = delete;
  SelfWaitingPool& operator=(const SelfWaitingPool&) = delete;

  /// So many tasks at once, each of which waits for one of its own; returns when all are done, with whether the pool
  /// waited for itself. If so, the caller does what is queued.
  bool run(unsigned tasks) {
    std::unique_lock lock(mutex_);
    unsigned left = tasks;
    for (unsigned task = 0; task < tasks; ++task) {
      queue_.emplace_back([this, &left] {
        wait_for_a_task_of_its_own();
        const std::scoped_lock done(mutex_);
        --left;
        changed_.notify_all();
      });
    }
    changed_.notify_all();
    changed_.wait(lock, [&] { return left == 0 || all_wait(); });
    const bool stuck = left > 0;
    while (stuck && !queue_.empty())
      do_next(lock);
    changed_.wait(lock, [&] { return left == 0; });
    return stuck;
  }

 private:
  void end() {
    {
      const std::scoped_lock lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
  }

  bool all_wait() const { return waiting_ == workers_ && !queue_.empty(); }

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return over_ || !queue_.empty(); });
      if (over_) return;
      do_next(lock);
    }
  }

  void do_next(std::unique_lock<std::mutex>& lock) {
    const std::function<void()> task = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }

  void wait_for_a_task_of_its_own() {
    std::unique_lock lock(mutex_);
    bool done = false;
    queue_.emplace_back([this, &done] {
      const std::scoped_lock finished(mutex_);
      done = true;
      changed_.notify_all();
    });
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return done; });
    --waiting_;
  }

  const unsigned workers_;
  std::mutex mutex_;
  std::condition_variable changed_;  ///< the queue, who waits, what is done
  std::deque<std::function<void()>> queue_;
  unsigned waiting_ = 0;  ///< workers, for a task of theirs
  bool over_ = false;
  std::vector<std::jthread> threads_;  ///< end before all else
};

}  // namespace

Crossings cross_locks(const Crossing& crossing, const std::stop_token& stop) {
  LockCrossing locks(crossing.ordered);
  Crossings seen;
  time_together(2, crossing.cpus, [&](unsigned thread) {
    if (thread == 0) {
      locks.keep_taking();
      return;
    }
    const auto end = CrossingClock::now() + crossing.time;
    while (seen.rounds < crossing.rounds && seen.deadlocks < crossing.deadlocks && !stop.stop_requested()) {
      if (seen.rounds % rounds_without_clock == 0 && CrossingClock::now() >= end) break;
      ++seen.rounds;
      if (!locks.take_once()) ++seen.deadlocks;
    }
    locks.end();
  });
  return seen;
}

std::size_t wait_on_own_pool(unsigned workers, unsigned times, const std::stop_token& stop) {
  std::size_t stuck = 0;
  for (unsigned time = 0; time < times && !stop.stop_requested(); ++time) {
    SelfWaitingPool pool(workers);
    if (pool.run(2)) ++stuck;
  }
  return stuck;
}

}  // namespace waitlab::client
