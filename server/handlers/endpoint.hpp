#pragma once

#include "server/http/exchange.hpp"
#include "server/io/io.hpp"
#include "server/io/task.hpp"

#include <string_view>

namespace waitlab::server {

/// What serves one method of one path. Where it waits it asks the Io, and never knows which. Registered in a table;
/// lives as long as its table.
class Endpoint {
 public:
  virtual ~Endpoint() = default;

  /// Fills in the exchange's response.
  virtual Task<void> handle(Io& io, Exchange& exchange) = 0;

  /// Whether it answers at once, without waiting or long work, so that earlier answers may wait to be sent with its.
  virtual bool quick() const noexcept { return false; }

  /// Whether it needs the request's body. If not, a client that waits to be asked for the body is answered without it.
  virtual bool reads_body() const noexcept { return false; }
};

/// The endpoint for each request of a listener. Immutable and thread-safe once built.
class Router {
 public:
  virtual ~Router() = default;

  /// Never null: where nothing matches, an endpoint that answers 404 or 405.
  virtual Endpoint& route(const Request& request) = 0;
};

}  // namespace waitlab::server
