#pragma once

#include "common/delay/delay_profiles.hpp"
#include "server/counts/counts.hpp"
#include "server/io/io.hpp"
#include "server/io/task.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace waitlab::server {

/// One call to the slow backend.
struct BackendCall {
  /// The endpoint that calls; part of the key of the delay. Of several calls for one request each has its own, as
  /// "/fanout/3", and so its own delay.
  std::string route;
  std::string_view request_id;                    ///< the other part
  std::optional<std::chrono::nanoseconds> delay;  ///< instead of the profile's draw
  std::string_view profile{};                     ///< the backend's, by name; empty: its standard one
  std::chrono::steady_clock::time_point deadline;
  Socket* client = nullptr;  ///< whom the answer is for: once that one has gone the call is given up; may be null
};

/// How a call ended, and for a failure what to tell the client.
struct BackendReply {
  using Outcome = BackendOutcome;

  Outcome outcome = Outcome::ok;
  std::string detail;
  bool retried = false;  ///< on a fresh connection, since a pooled one had been closed
};

/// What the server waits for; the Io decides how. Shared by all requests of a strategy; thread-safe.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual Task<BackendReply> call(Io& io, const BackendCall& call) = 0;

  /// To be called about once a second, where sockets of the Io may be closed: lets go of what is of no use any more.
  virtual void housekeep() {}
};

/// No backend and no network: the wait is a sleep or a timer, as long as a profile's draw. For seeing what the
/// waiting alone costs.
class TimerBackend final : public Backend {
 public:
  explicit TimerBackend(DelayProfiles profiles) : profiles_(std::move(profiles)) {}

  Task<BackendReply> call(Io& io, const BackendCall& call) override;

 private:
  DelayProfiles profiles_;
};

}  // namespace waitlab::server
