#pragma once

#include "server/connection/serve_request.hpp"
#include "server/io/blocking_io.hpp"
#include "server/runtime/connection_poller.hpp"
#include "server/runtime/drain.hpp"
#include "server/site/application.hpp"
#include "server/strategies/strategy.hpp"

#include <chrono>
#include <memory>

namespace waitlab::server {

/// What strategies share that hold a worker, a thread or a process, for a request and none for an idle connection: a
/// poller holds the idle connections and gathers their requests, and a connection whose request is there is dispatched
/// to a worker that serves that one request and gives the connection back. A deriving strategy says which worker.
///
/// A worker is held from a whole request to its answer. Only a body of more than 64 KiB is read by it.
///
/// A connection belongs to exactly one of: the poller, the dispatching code, who has it served.
class ParkedStrategy : public Strategy {
 public:
  void accept_from(Listener& listener) override;
  void adopt(IdleConnection connection) override;
  void retire(Strategy* successor) override;
  bool wait_drained(std::chrono::steady_clock::time_point deadline) override;

 protected:
  explicit ParkedStrategy(const ApplicationParts& parts);

  /// Sees that the connection is served or `reject` is called for it: `serve` on a thread that may block, or `invite`
  /// and, when another process has served it, `settle`. Called on the poller's thread and on those that serve; must not
  /// block.
  virtual void dispatch(std::unique_ptr<Connection> connection) = 0;

  using TimePoint = std::chrono::steady_clock::time_point;

  /// On the poller's thread, about once a second, and by the time it returned last. Once the strategy has retired, on
  /// that of whoever waits for it to drain.
  virtual TimePoint housekeeping(TimePoint) { return TimePoint::max(); }

  /// Serves one request on the calling thread and sees to what becomes of the connection. Returns it only if its next
  /// request is already there, to be dispatched in its turn.
  std::unique_ptr<Connection> serve(std::unique_ptr<Connection> connection);

  /// Asks the client for the body of its request, if it waits for that, without waiting itself. `again` if the request
  /// is ready to be served; else it is to be settled.
  After invite(Connection& connection) const;

  /// Sees to what becomes of a connection after its turn. Returns it only if its next request is already there, to be
  /// dispatched in its turn.
  std::unique_ptr<Connection> settle(std::unique_ptr<Connection> connection, After after);

  /// Answers 503 without waiting for anything, and counts why.
  void reject(std::unique_ptr<Connection> connection, Rejection why);

  const Service& service() const noexcept { return application_.service(); }
  Telemetry& telemetry() const noexcept { return service().telemetry; }

 private:
  void gather(std::unique_ptr<Connection> connection);
  void queue_up(std::unique_ptr<Connection> connection);
  void park(std::unique_ptr<Connection> connection);
  void leave(std::unique_ptr<Connection> connection);
  void close(std::unique_ptr<Connection> connection);
  void go_on(std::unique_ptr<Connection> connection, After after);
  void see_off(std::unique_ptr<Connection> connection);

  BlockingIo io_;
  Application application_;
  Drain drain_;
  Listener* listener_ = nullptr;
  TimePoint next_sweep_;  ///< of the poller's thread
  ConnectionPoller poller_;
};

}  // namespace waitlab::server
