#pragma once

#include "server/connection/connection.hpp"
#include "server/connection/listener.hpp"

#include <chrono>
#include <functional>
#include <utility>

namespace waitlab::server {

/// How requests are run and how they wait. Exists until it has drained; a swap retires one and starts another. All
/// members are thread-safe but the destructor.
class Strategy {
 public:
  virtual ~Strategy() = default;

  /// Starts the strategy, and accepting; call once, first. The listener must outlive the strategy.
  virtual void accept_from(Listener& listener) = 0;

  /// Takes over a connection that is between requests.
  virtual void adopt(IdleConnection connection) = 0;

  /// Stops accepting, soon, and lets each connection go once it is between requests: to `successor`, which must outlive
  /// this. Without one, connections close, and so does the listener once all that the kernel holds has been accepted.
  /// Requests in flight or queued are served. Call once.
  virtual void retire(Strategy* successor) = 0;

  /// To be called now and then, on the thread that made it: sees to what it has started. Returns whether requests can
  /// be served; while they can't be they are answered 503.
  virtual bool tend(std::chrono::steady_clock::time_point) { return true; }

  /// After `retire`: waits until every connection has left, or for the deadline. Returns whether they all have. Only
  /// then may the strategy be destroyed.
  virtual bool wait_drained(std::chrono::steady_clock::time_point deadline) = 0;
};

/// How a successor takes connections over; empty if there is none.
inline std::function<void(IdleConnection)> adopted_by(Strategy* successor) {
  if (successor == nullptr) return {};
  return [successor](IdleConnection connection) { successor->adopt(std::move(connection)); };
}

}  // namespace waitlab::server
