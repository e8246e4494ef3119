#pragma once

#include "common/http/http_date.hpp"
#include "server/handlers/endpoint.hpp"
#include "server/http/request_ids.hpp"
#include "server/telemetry/request_log.hpp"
#include "server/telemetry/telemetry.hpp"

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
  std::chrono::nanoseconds linger{250'000'000};         ///< for reading on after a request was refused midway

  /// For a thread that must not wait: what is not there yet is late.
  static Timeouts none() {
    constexpr std::chrono::nanoseconds zero{0};
    return {zero, zero, zero, zero, zero};
  }
};

/// What every listener of the process shares. Thread-safe.
struct ServerIdentity {
  HttpDate date;
  RequestIds ids;
};

/// What serving a request needs to know; the references must outlive it. Thread-safe.
template <class Io>
struct Service {
  Router<Io>& router;
  Telemetry& telemetry;
  ServerIdentity& identity;
  Timeouts timeouts;

  /// Whether answers to pipelined requests are gathered and sent together.
  bool coalesces = false;

  /// Whether a request is waited for that has begun but is not there yet.
  bool waits = true;

  /// How a request that does not arrive in time is answered and counted.
  struct Late {
    unsigned status;
    std::string_view detail;  ///< static text
    Counter* counter;
  };
  Late late{408, "the request did not arrive in time", &telemetry.endings[Ending::incomplete_request]};

  /// Takes a row for each request answered; null: none is kept.
  RequestLog* request_log = nullptr;

  /// Set when the server is to stop: answers then ask the client to close.
  const std::atomic<bool>* draining = nullptr;
};

}  // namespace waitlab::server
