#pragma once

#include "server/connection/connection.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>

namespace waitlab::server {

/// How a strategy is left: what becomes of its connections once it drains, and how many there still are. Thread-safe
/// but for `begin`, which must have returned before anybody who is told of the drain asks.
class Drain {
 public:
  /// Takes over a connection that is between requests.
  using Successor = std::function<void(IdleConnection)>;

  /// From now on connections leave as soon as they are between requests: to the successor, or by closing if there is
  /// none. Call once.
  void begin(Successor successor) {
    successor_ = std::move(successor);
    begun_.store(true, std::memory_order_release);
  }

  bool begun() const noexcept { return begun_.load(std::memory_order_acquire); }

  /// Whether a connection that is between requests, or has a part of one, stays. Without a successor, a request that
  /// has come or begun is served before its connection closes.
  bool keeps(const Connection& connection) const {
    return !begun() || (!successor_ && (connection.http.begun() || connection.socket->has_unread_bytes()));
  }

  void enter() {
    const std::scoped_lock lock(mutex_);
    ++open_;
  }

  void leave() {
    const std::scoped_lock lock(mutex_);
    if (--open_ == 0) none_.notify_all();
  }

  /// Gives a connection that is between requests, and no longer stays, to the successor, if there is one. What is left
  /// of it closes when it is destroyed.
  void hand_over(Connection& connection) const {
    if (begun() && successor_) successor_(connection.release());
  }

  /// Gives one that came too late to be taken in to the successor. Returns false where there is none, or it is not too
  /// late.
  bool passes_on(IdleConnection& connection) const {
    if (!begun() || !successor_) return false;
    successor_(std::move(connection));
    return true;
  }

  /// Waits until every connection has left, or for the deadline. Returns whether they all have.
  bool wait_until_none(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    return none_.wait_until(lock, deadline, [this] { return open_ == 0; });
  }

 private:
  std::atomic<bool> begun_{false};
  Successor successor_;  ///< set before begun_

  std::mutex mutex_;  ///< guards open_
  std::condition_variable none_;
  std::size_t open_ = 0;
};

}  // namespace waitlab::server
