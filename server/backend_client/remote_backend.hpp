#pragma once

#include "common/net/socket_address.hpp"
#include "server/backend_client/backend.hpp"
#include "server/backend_client/backend_connection.hpp"
#include "server/backend_client/connection_pool.hpp"

#include <memory>
#include <string>

namespace waitlab::server {

/// The backend as a process behind a socket: HTTP over pooled keep-alive connections, each call bounded by its
/// deadline, which travels with it as X-Request-Timeout-Ms. A pooled connection that turns out to have been closed
/// meanwhile is replaced once; anything else is told, not retried.
class RemoteBackend final : public Backend {
 public:
  explicit RemoteBackend(const SocketAddress& address);

  Task<BackendReply> call(Io& io, const BackendCall& call) override;

 private:
  using Connection = BackendConnection;
  enum class Attempt { answered, stale, timed_out, broken };

  Task<Attempt> attempt(Io& io, Connection& connection);
  BackendReply reply_of(const Connection& connection) const;
  BackendReply refused(const std::error_code& error) const;

  SocketAddress address_;
  std::string authority_;
  ConnectionPool<Connection> pool_;
};

}  // namespace waitlab::server
