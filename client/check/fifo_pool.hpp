#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <queue>
#include <vector>

namespace waitlab::client {

/// An ideal pool: threads that cost nothing, behind one first-in-first-out queue. Requests are given to it in the order
/// in which they are enqueued; times are offsets from any common origin. Not thread-safe.
class FifoPool {
 public:
  using Time = std::chrono::nanoseconds;

  /// `threads` at least 1, all free from the beginning of time.
  explicit FifoPool(unsigned threads) : free_at_(std::greater<>(), std::vector<Time>(threads, Time::min())) {}

  /// When a request starts that is enqueued then and holds a thread for so long: as soon as a thread is free.
  Time start(Time enqueued, Time hold) {
    const Time start = std::max(enqueued, free_at_.top());
    free_at_.pop();
    free_at_.push(start + hold);
    return start;
  }

 private:
  std::priority_queue<Time, std::vector<Time>, std::greater<>> free_at_;
};

}  // namespace waitlab::client
