#pragma once

#include "server/counts/visible_lock.hpp"

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace waitlab::server {

/// Idle connections, the most recently used first: it is the least likely to have been closed by the peer. Holds at
/// most as many as were ever in use at once. Thread-safe; owns what is in it.
template <class T>
class ConnectionPool {
 public:
  /// An idle connection, or null.
  std::unique_ptr<T> take() {
    const auto lock = lock_visibly(mutex_);
    if (idle_.empty()) return nullptr;
    std::unique_ptr<T> connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }

  void put(std::unique_ptr<T> connection) {
    const auto lock = lock_visibly(mutex_);
    idle_.push_back(std::move(connection));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> idle_;
};

}  // namespace waitlab::server
