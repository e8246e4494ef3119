#pragma once

#include "common/http/response_parser.hpp"
#include "common/net/socket_address.hpp"
#include "server/backend_client/backend.hpp"
#include "server/counts/health.hpp"
#include "server/io/io.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::server {

/// A keep-alive connection to the backend with what its current call sends and receives.
struct BackendConnection {
  explicit BackendConnection(std::unique_ptr<Socket> connected) : socket(std::move(connected)) {}

  std::unique_ptr<Socket> socket;
  ResponseParser response;
  std::string request_text;
  InputBuffer in;
};

/// Idle connections, the most recently used first: it is the least likely to have been closed by the peer. One on which
/// anything came while it was idle is closed and never used again: an end, or bytes, which would be taken for the
/// answer to the next request (RFC 9112 section 9.2). Holds at most as many as were ever in use at once. Thread-safe;
/// owns what is in it.
class ConnectionPool {
 public:
  /// An idle connection, or null.
  std::unique_ptr<BackendConnection> take();

  void put(std::unique_ptr<BackendConnection> connection);

  /// Closes those on which anything came.
  void sweep();

 private:
  std::unique_ptr<BackendConnection> take_last();

  std::mutex mutex_;
  std::vector<std::unique_ptr<BackendConnection>> idle_;
};

/// Where a backend is: all addresses of its name, at least one, in the order in which to try them.
struct BackendPlace {
  std::string authority;  ///< HOST:PORT as it was given
  std::vector<SocketAddress> addresses;
};

/// The backend as a process behind a socket: HTTP over pooled keep-alive connections, each call bounded by its
/// deadline, which travels with it as X-Request-Timeout-Ms. A pooled connection that turns out to have been closed
/// meanwhile is replaced once; anything else is told, not retried. Connections are made to the first address that takes
/// them, beginning with the one that did last.
class RemoteBackend final : public Backend {
 public:
  /// Tells by `reach`, which must outlive it, whether its last call reached the backend.
  RemoteBackend(BackendPlace place, std::atomic<Reach>& reach);

  Task<BackendReply> call(Io& io, const BackendCall& call) override;
  void housekeep() override { pool_.sweep(); }

 private:
  using Connection = BackendConnection;
  enum class Attempt { answered, stale, timed_out, broken, abandoned };

  Task<Connect::Connected> connect(Io& io, const BackendCall& call);
  void note(Reach reach) const noexcept;
  Task<Attempt> attempt(Io& io, Connection& connection);
  static std::optional<Attempt> ended(const std::error_code& error);
  BackendReply reply_to(Attempt attempt, const Connection& connection, const BackendCall& call) const;
  BackendReply refused(const std::error_code& error) const;

  const BackendPlace place_;
  std::atomic<Reach>& reach_;
  std::atomic<std::size_t> last_good_{0};  ///< index of an address
  ConnectionPool pool_;
};

}  // namespace waitlab::server
