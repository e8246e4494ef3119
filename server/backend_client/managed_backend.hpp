#pragma once

#include "common/delay/delay_profiles.hpp"
#include "common/net/socket_address.hpp"
#include "common/process/child_process.hpp"
#include "common/process/restart_pauses.hpp"
#include "common/result.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace waitlab::server {

/// A `waitlab-backend` process that belongs to this server: started on a free port of the loopback, ended with it, and
/// started again on the same port should it end by itself. Owns the process. Belongs to the main thread, as the process
/// lives no longer than the thread that started it.
class ManagedBackend {
 public:
  using Clock = std::chrono::steady_clock;

  /// Looks for the program beside this one. Returns when the backend listens.
  static Result<ManagedBackend> start(const DelayProfiles& profiles);

  /// Stays the same for as long as the object exists.
  const SocketAddress& address() const noexcept { return address_; }

  /// To be called now and then, more often while it returns false: sees to it that the backend runs, and tells on the
  /// log what becomes of it. Returns whether it can be called. Never blocks.
  bool tend(Clock::time_point now);

  /// Has the backend open its hold logs anew where they were moved away.
  void reopen_logs() noexcept;

 private:
  ManagedBackend(const DelayProfiles& profiles, ChildProcess process, const SocketAddress& address);

  void launch(Clock::time_point now);
  bool await_listening(Clock::time_point now);
  void plan_restart(Clock::time_point now, const std::string& why, Clock::duration ran);
  void keep_hold_logs() const;

  DelayProfiles profiles_;
  SocketAddress address_;
  std::optional<ChildProcess> process_;  ///< none: between its end and the next start
  bool listens_ = true;
  Clock::time_point since_;  ///< the process was started; without one, when to start it
  RestartPauses pauses_;
};

}  // namespace waitlab::server
