#pragma once

#include "server/counts/thread_track.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace waitlab::server {

/// A first-in, first-out queue with room for `capacity` items besides those a consumer is already waiting for. With no
/// room at all it is a plain hand-over. Thread-safe.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  /// Takes the item unless the queue is full; then returns it. One that is taken is given to `admit` before a consumer
  /// can have it.
  template <class Admit>
  std::optional<T> try_push(T item, Admit admit) {
    {
      const auto lock = lock_visibly(mutex_);
      if (items_.size() >= capacity_ + waiting_) return item;
      items_.push_back(std::move(item));
      admit(items_.back());
    }
    ready_.notify_one();
    return std::nullopt;
  }

  std::optional<T> try_push(T item) {
    return try_push(std::move(item), [](T&) {});
  }

  /// Takes the item if a consumer waits that has no other item to come; otherwise returns it. As for `admit`, see
  /// above.
  template <class Admit>
  std::optional<T> try_hand_over(T item, Admit admit) {
    {
      const auto lock = lock_visibly(mutex_);
      if (items_.size() >= waiting_) return item;
      items_.push_back(std::move(item));
      admit(items_.back());
    }
    ready_.notify_one();
    return std::nullopt;
  }

  /// Takes the item even if the queue is full: for a consumer that is about to pop, and so makes the room itself.
  void push_own(T item) {
    {
      const auto lock = lock_visibly(mutex_);
      items_.push_back(std::move(item));
    }
    ready_.notify_one();
  }

  /// Takes the oldest item if it is as described, without blocking.
  template <class Description>
  std::optional<T> try_pop_if(Description is_described) {
    const auto lock = lock_visibly(mutex_);
    if (items_.empty() || !is_described(items_.front())) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }

  using TimePoint = std::chrono::steady_clock::time_point;

  /// Blocks for the oldest item, until the deadline at most. Nothing if that has passed, or once the queue is closed
  /// and empty.
  std::optional<T> pop(TimePoint deadline = TimePoint::max()) {
    const auto may_go_on = [this] { return !items_.empty() || closed_; };
    std::unique_lock lock = lock_visibly(mutex_);
    ++waiting_;
    waits_.notify_all();
    if (deadline == TimePoint::max()) {
      ready_.wait(lock, may_go_on);
    } else {
      ready_.wait_until(lock, deadline, may_go_on);
    }
    --waiting_;
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }

  /// Blocks until that many consumers wait at once.
  void await_consumers(std::size_t count) {
    std::unique_lock lock(mutex_);
    waits_.wait(lock, [&] { return waiting_ >= count; });
  }

  bool closed() {
    const std::scoped_lock lock(mutex_);
    return closed_;
  }

  /// Lets consumers end once the queue is empty.
  void close() {
    {
      const std::scoped_lock lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable ready_;  ///< an item came, or the end
  std::condition_variable waits_;  ///< a consumer began to wait
  std::deque<T> items_;
  std::size_t waiting_ = 0;  ///< consumers inside `pop`
  bool closed_ = false;
};

}  // namespace waitlab::server
