#pragma once

#include "server/runtime/connection_poller.hpp"
#include "server/runtime/open_count.hpp"
#include "server/site/application.hpp"
#include "server/strategies/strategy.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

namespace waitlab::server {

/// What strategies that wait with threads share: a poller holds the idle connections, and a connection whose request is
/// there is dispatched to a thread that serves that one request and gives the connection back. A deriving strategy says
/// which thread.
///
/// A connection belongs to exactly one of: the poller, the dispatching code, the serving thread. Lock order: this
/// class's mutex before the poller's.
class ParkedStrategy : public Strategy {
 public:
  void accept_from(Listener& listener) override;
  void adopt(IdleConnection connection) override;
  void retire(Strategy* heir) override;
  bool wait_drained(std::chrono::steady_clock::time_point deadline) override;

 protected:
  explicit ParkedStrategy(const ApplicationParts& parts);

  /// Sees that `serve` or `reject` is called for the connection: `serve` on a thread that may block. Called on the
  /// poller's thread and on serving threads; must not block.
  virtual void dispatch(std::unique_ptr<BlockingConnection> connection) = 0;

  /// About once a second, on the poller's thread.
  virtual void housekeeping() {}

  /// Serves one request on the calling thread and sees to what becomes of the connection. Returns it only if its next
  /// request is already there, to be dispatched in its turn.
  std::unique_ptr<BlockingConnection> serve(std::unique_ptr<BlockingConnection> connection);

  /// Answers 503 without waiting for anything, and counts why.
  void reject(std::unique_ptr<BlockingConnection> connection, Rejection why);

  Telemetry& telemetry() noexcept { return application_.service().telemetry; }

 private:
  void settle(std::unique_ptr<BlockingConnection> connection, bool between_requests);
  void give_up(std::unique_ptr<BlockingConnection> connection, bool between_requests);

  BlockingIo io_;
  Application<BlockingIo> application_;
  OpenCount open_;

  std::mutex mutex_;  ///< guards retired_ and heir_, and that nothing is parked once retired
  bool retired_ = false;
  Strategy* heir_ = nullptr;

  ConnectionPoller poller_;
};

}  // namespace waitlab::server
