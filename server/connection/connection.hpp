#pragma once

#include "common/http/request_parser.hpp"
#include "common/net/file_descriptor.hpp"
#include "server/connection/input_buffer.hpp"
#include "server/http/exchange.hpp"
#include "server/telemetry/request_state.hpp"

#include <sys/socket.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace waitlab::server {

/// What HTTP remembers of a connection, whatever waits on its socket. Movable from one strategy to another between
/// requests.
struct HttpState {
  explicit HttpState(RequestLimits limits) : parser(limits) {}

  static constexpr std::size_t kept_bytes = 64 * 1024;

  RequestParser parser;
  InputBuffer in;
  std::string out;  ///< answers not yet sent
  Response response;
  std::string request_id;

  /// Makes ready for the next request, and gives back what an unusually large one took: an idle connection is small.
  void end_request() {
    parser.start();
    response.body.clear();
    for (std::string* buffer : {&out, &response.body}) {
      if (buffer->capacity() > kept_bytes) buffer->shrink_to_fit();
    }
    in.release_if_large();
  }

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
  Connection(Io& io, IdleConnection idle, Telemetry& telemetry)
      : socket(io, std::move(idle.socket)),
        http(std::move(idle.http)),
        open(telemetry.connections),
        request(telemetry) {}

  /// Takes the connection out of its strategy. The object must not be used afterwards.
  IdleConnection release() {
    open.reset();
    request.end();
    return {socket.release(), std::move(http)};
  }

  /// Whether the peer has sent bytes that nobody has taken yet. Does not block.
  bool has_unread_bytes() {
    char byte = 0;
    return ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
  }

  typename Io::Socket socket;
  HttpState http;
  Counted open;  ///< among the strategy's connections
  RequestState request;
};

}  // namespace waitlab::server
