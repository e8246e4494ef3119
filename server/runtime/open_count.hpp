#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace waitlab::server {

/// How many connections are open, for waiting until none is. Thread-safe.
class OpenCount {
 public:
  void add() {
    const std::scoped_lock lock(mutex_);
    ++count_;
  }

  void remove() {
    const std::scoped_lock lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }

  /// Returns whether there is none; false if the deadline passed first.
  bool wait_until_none(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    return none_.wait_until(lock, deadline, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

}  // namespace waitlab::server
