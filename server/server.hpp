#pragma once

#include "common/result.hpp"
#include "server/admin/admin_listener.hpp"
#include "server/backend_client/managed_backend.hpp"
#include "server/config.hpp"
#include "server/connection/listener.hpp"
#include "server/runtime/farewell.hpp"
#include "server/site/site.hpp"
#include "server/strategies/strategy.hpp"
#include "server/telemetry/telemetries.hpp"

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace waitlab::server {

/// The whole server: listeners, backend, the running strategy and those it replaced while they drain. Belongs to the
/// main thread.
class Server {
 public:
  /// Binds, starts the backend if it is managed, and serves. A Failure leaves nothing behind.
  static Result<std::unique_ptr<Server>> start(const ServerConfig& config);

  ~Server();

  const SocketAddress& address() const noexcept { return listener_.address(); }
  const SocketAddress& admin_address() const noexcept { return admin_listener_.address(); }

  /// The running config, with sizes in the place of `auto`.
  const ServerConfig& config() const noexcept { return config_; }

  /// Swaps to the wanted config's strategy, its settings and time-outs without losing a request: the listening socket
  /// stays, connections move when they are between requests. On a Failure the running strategy goes on.
  Result<void> reload(const ServerConfig& wanted);

  /// To be called now and then: lets go of strategies that have drained since they were replaced, and sees to it that
  /// what the strategy has started runs, and the managed backend; while they do not, the server is not ready. Returns
  /// how soon to call it again.
  std::chrono::milliseconds housekeep();

  /// Goes on with logs by their paths: one whose file was moved away is created again, here and by the managed backend.
  void reopen_logs();

  /// Stops accepting and waits for requests in flight, `timeouts.drain` at most, and no longer than `goes_on`, which is
  /// asked many times a second, returns true. Returns whether all connections ended; only then may the server be
  /// destroyed. Called again, it goes on waiting.
  bool drain(const std::function<bool()>& goes_on = [] { return true; });

  /// Requests in the server now.
  std::int64_t in_flight() const;

 private:
  Server(const ServerConfig& asked, const ServerConfig& config, Listener listener, Listener admin_listener,
         std::optional<ManagedBackend> managed_backend);

  Result<std::unique_ptr<Strategy>> make_strategy_for(const ServerConfig& config);
  /// Has each strategy that has retired see to its queue, and lets go of those that have drained. Returns whether that
  /// was the last.
  bool forget_drained();
  /// Whether a managed backend, if there is one, can be called.
  bool tend_backend();
  void finish_request_log();

  ServerConfig asked_;   ///< as it was read
  ServerConfig config_;  ///< the same with its sizes
  Listener listener_;
  Listener admin_listener_;
  std::optional<ManagedBackend> managed_backend_;
  SharedFile file_;  ///< of all below that processes share
  Telemetries telemetries_{&file_};
  std::unique_ptr<RequestLog> request_log_;  ///< null: there is none
  Site site_{&file_};
  LoopFarewell farewell_;

  /// Oldest first; the last runs, the others drain. Each one's successor is the next, so they go in this order.
  std::list<std::unique_ptr<Strategy>> strategies_;
  std::unique_ptr<AdminListener> admin_;
};

}  // namespace waitlab::server
