#pragma once

#include "common/http/request_parser.hpp"
#include "common/net/file_descriptor.hpp"
#include "server/counts/request_state.hpp"
#include "server/http/exchange.hpp"
#include "server/io/io.hpp"
#include "server/site/site.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace waitlab::server {

/// What is being read of a request, each with its own deadline.
enum class Phase : std::uint8_t { head, body };

/// What HTTP remembers of a connection, whatever waits on its socket. Movable from one strategy to another between
/// requests.
struct HttpState {
  explicit HttpState(RequestLimits limits) : parser(limits) {}

  static constexpr std::size_t kept_bytes = 64 * 1024;

  RequestParser parser;
  InputBuffer in;
  std::string taken;  ///< what the parser has of a request that was gathered, as it came: for a process to serve it
  std::string out;    ///< answers not yet sent
  Response response;
  std::string request_id;

  /// The part of a request that is to come, and when it must be there. None unless one has begun.
  struct Expected {
    Phase phase;
    std::chrono::steady_clock::time_point due;
  };
  std::optional<Expected> expected;
  bool invited = false;  ///< the client has been asked for the request's body

  std::chrono::steady_clock::time_point queued_since;  ///< since when the request waits for a thread
  std::chrono::nanoseconds in_queue{0};                ///< how long it has waited

  /// Whether bytes of a request are there.
  bool begun() const { return parser.started() || !in.empty(); }

  /// Makes ready for the next request, and gives back what an unusually large one took: an idle connection is small.
  void end_request() {
    parser.start();
    expected.reset();
    invited = false;
    in_queue = {};
    std::string().swap(taken);
    response.body.clear();
    for (std::string* buffer : {&out, &response.body}) {
      if (buffer->capacity() > kept_bytes) buffer->shrink_to_fit();
    }
    in.restart();
  }

  /// Since when the next request has been there to be read; none while the connection is idle.
  std::optional<std::chrono::steady_clock::time_point> readable_since;
};

/// A connection between two requests, belonging to no strategy.
struct IdleConnection {
  FileDescriptor socket;
  HttpState http;
  Counted open;  ///< among the site's connections
};

/// Counts a connection among those of a strategy for as long as it lives, on the worker that makes or ends it.
class OpenConnection {
 public:
  OpenConnection() = default;  ///< counts none
  explicit OpenConnection(Telemetry& telemetry) noexcept : counts_(&telemetry.counts) { count(counts_->here().opened); }
  OpenConnection(const OpenConnection&) = delete;
  OpenConnection& operator=(const OpenConnection&) = delete;
  ~OpenConnection() { close(); }

  void close() noexcept {
    if (counts_ != nullptr) count(std::exchange(counts_, nullptr)->here().closed);
  }

 private:
  ShardedCounts* counts_ = nullptr;
};

/// A connection as a strategy holds it. One thread at a time uses it.
struct Connection {
  /// The Io and the telemetry must outlive it.
  Connection(Io& io, IdleConnection idle, Telemetry& telemetry)
      : socket(io.wrap(std::move(idle.socket))),
        http(std::move(idle.http)),
        open_on_site(std::move(idle.open)),
        open(telemetry),
        request(telemetry) {}

  /// For a process that serves its request on a track of another's, which has counted the connection.
  Connection(Io& io, IdleConnection lent, Telemetry& telemetry, const Tracks::Lent& request_track)
      : socket(io.wrap(std::move(lent.socket))), http(std::move(lent.http)), request(telemetry, request_track) {}

  /// Takes the connection out of its strategy. The object must not be used afterwards.
  IdleConnection release() {
    open.close();
    request.end();
    return {socket->release(), std::move(http), std::move(open_on_site)};
  }

  std::unique_ptr<Socket> socket;
  HttpState http;
  Counted open_on_site;
  OpenConnection open;
  RequestState request;
};

}  // namespace waitlab::server
