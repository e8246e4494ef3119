#pragma once

#include "server/backend_client/backend.hpp"
#include "server/counts/request_state.hpp"
#include "server/http/exchange.hpp"
#include "server/http/parameters.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace waitlab::server {

/// The one way a handler waits for the backend: calls it within `backend.timeout` and the request's own deadline,
/// counts and times the wait, and turns a refusal into 502 and lateness into 504. A wish must outlive the task.
/// Thread-safe.
class BackendWait {
 public:
  /// What a request may say of its calls.
  struct Wish {
    std::optional<std::chrono::nanoseconds> delay;  ///< instead of the profile's draw
    std::string profile;                            ///< of the backend; empty: the standard one
  };

  BackendWait(Backend& backend, std::chrono::nanoseconds timeout, Telemetry& telemetry);

  /// Makes one call. True if the backend answered; otherwise the response says why not.
  Task<bool> wait(Io& io, Exchange& exchange, const Wish& wish);

  /// Makes `calls` calls one after the other, until one fails. Each has its own time-out, and unless a delay is
  /// wished for its own draw. True if all were answered.
  Task<bool> wait_for_each(Io& io, Exchange& exchange, std::uint32_t calls, const Wish& wish);

  /// The same at the same time: waits for as long as the slowest takes.
  Task<bool> wait_for_all(Io& io, Exchange& exchange, std::uint32_t calls, const Wish& wish);

 private:
  class Waiting;

  Task<BackendReply> ask(Io& io, Exchange& exchange, std::uint32_t number, const Wish& wish);
  BackendCall call_of(const Exchange& exchange, std::uint32_t number, const Wish& wish) const;
  void count_reply(const BackendReply& reply) const;

  Backend& backend_;
  std::chrono::nanoseconds timeout_;
  Telemetry& telemetry_;
};

/// The parameters by which a request says what it wishes of the backend, `delay` and `backend`, of those that are
/// given.
Result<BackendWait::Wish> read_wish(const Parameters& parameters);

}  // namespace waitlab::server
