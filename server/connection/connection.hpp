#pragma once

#include "common/http/request_parser.hpp"
#include "common/process/file_descriptor.hpp"
#include "server/connection/input_buffer.hpp"
#include "server/http/exchange.hpp"
#include "server/telemetry/gauge.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace waitlab::server {

/// What HTTP remembers of a connection, whatever waits on its socket. Movable from one strategy to another between
/// requests.
struct HttpState {
  explicit HttpState(RequestLimits limits) : parser(limits) {}

  RequestParser parser;
  InputBuffer in;
  std::string out;  ///< answers not yet sent
  Response response;
  std::string request_id;

  /// Since when the next request has been there to be read; none while the connection is idle.
  std::optional<std::chrono::steady_clock::time_point> readable_since;
};

/// A connection between two requests, belonging to no strategy.
struct IdleConnection {
  FileDescriptor socket;
  HttpState http;
};

/// A connection as a strategy over `Io` holds it. One thread at a time uses it.
template <class Io>
struct Connection {
  Connection(Io& io, IdleConnection idle, Gauge& connections)
      : socket(io, std::move(idle.socket)), http(std::move(idle.http)), open(connections) {}

  /// Takes the connection out of its strategy. The object must not be used afterwards.
  IdleConnection release() {
    open.reset();
    in_flight.reset();
    return {socket.release(), std::move(http)};
  }

  typename Io::Socket socket;
  HttpState http;
  Counted open;       ///< among the strategy's connections
  Counted in_flight;  ///< among its requests, while there is one
};

}  // namespace waitlab::server
