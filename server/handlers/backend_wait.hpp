#pragma once

#include "server/backend_client/backend.hpp"
#include "server/http/exchange.hpp"
#include "server/telemetry/telemetry.hpp"

#include <chrono>
#include <optional>

namespace waitlab::server {

/// The longest delay a request may ask for.
inline constexpr std::chrono::minutes longest_delay{1};

/// The one way a handler waits for the backend: calls it within `backend.timeout` and the request's own deadline,
/// counts and times the call, and turns a refusal into 502 and lateness into 504. Thread-safe.
template <class Io>
class BackendWait {
 public:
  BackendWait(Backend<Io>& backend, std::chrono::nanoseconds timeout, Telemetry& telemetry);

  /// True if the backend answered; otherwise the response says why not.
  Task<bool> wait(Io& io, Exchange& exchange, std::optional<std::chrono::nanoseconds> delay);

 private:
  Backend<Io>& backend_;
  std::chrono::nanoseconds timeout_;
  Telemetry& telemetry_;
};

}  // namespace waitlab::server
