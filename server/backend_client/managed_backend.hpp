#pragma once

#include "common/delay/delay_profile.hpp"
#include "common/net/socket_address.hpp"
#include "common/process/child_process.hpp"
#include "common/result.hpp"

#include <string>

namespace waitlab::server {

/// A `waitlab-backend` process that belongs to this server: started on a free port of the loopback, ended with it.
/// Owns the process. Start it on the main thread: the process lives no longer than the thread that started it.
class ManagedBackend {
 public:
  /// Looks for the program beside this one. Returns when the backend listens.
  static Result<ManagedBackend> start(const DelayProfile& profile);

  const SocketAddress& address() const noexcept { return address_; }
  pid_t pid() const noexcept { return process_.pid(); }
  bool running() noexcept { return !process_.exit_code(); }

 private:
  ManagedBackend(ChildProcess process, const SocketAddress& address);

  ChildProcess process_;
  SocketAddress address_;
};

}  // namespace waitlab::server
