#pragma once

#include "common/net/linger.hpp"
#include "server/counts/health.hpp"
#include "server/counts/shared_object.hpp"
#include "server/counts/telemetry.hpp"
#include "server/handlers/endpoint.hpp"
#include "server/handlers/shared_state.hpp"
#include "server/http/request_ids.hpp"
#include "server/telemetry/request_log.hpp"

#include <atomic>
#include <chrono>
#include <string_view>

namespace waitlab::server {

/// How long a connection may take over each step.
struct Timeouts {
  std::chrono::nanoseconds header{10'000'000'000};      ///< from a request's first byte to its head's end
  std::chrono::nanoseconds keep_alive{60'000'000'000};  ///< between requests
  std::chrono::nanoseconds request{30'000'000'000};     ///< for the body to arrive, and then for the answer
  std::chrono::nanoseconds drain{10'000'000'000};       ///< for requests in flight when the server is told to stop
  std::chrono::nanoseconds refused{250'000'000};        ///< for the request of a connection that is refused anyway
  std::chrono::nanoseconds linger{linger_pause};        ///< without a byte more from a client that was refused midway
};

/// What all share that serve one listening socket, strategies that drain included, and processes. Thread-safe.
struct SharedSite {
  RequestIds ids;

  /// Connections that are open; `limits.max_connections` is the most of them.
  Gauge connections;

  /// Threads that were created for a request or a connection and still serve it; a strategy that creates them has a
  /// limit for them.
  Gauge created_threads;
  Gauge created_processes;  ///< likewise

  SharedState state;

  /// Set when the server is to stop: answers then ask the client to close.
  std::atomic<bool> draining{false};

  Health health;
};

/// What outlives a strategy. Thread-safe.
struct Site {
  explicit Site(SharedFile* file = nullptr) : shared(file) {}
  /// That of another process.
  explicit Site(SharedPages::Place place) : shared(place) {}

  SharedObject<SharedSite> shared;

  LocalState local;  ///< of this process alone

  /// Takes a row for each request answered; null: none is kept. Set before the first strategy starts.
  RequestRows* request_log = nullptr;
};

/// What serving a request needs to know; the references must outlive it. Thread-safe.
struct Service {
  Site& site;
  Telemetry& telemetry;
  Router& router;
  Timeouts timeouts;
  std::string_view logged_as{};  ///< what its rows in the request log end with
};

}  // namespace waitlab::server
