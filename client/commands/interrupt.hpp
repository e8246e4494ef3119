#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace waitlab::client {

/// Turns Ctrl-C, SIGTERM and SIGHUP (unless that is ignored, as under nohup) into a stop request while it lives. A
/// second signal kills all that this process has started, and ends it as usual. Construct it in main before other
/// threads start: they inherit the blocked signals. One at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();

  std::stop_token token() const { return stop_.get_token(); }

 private:
  void wait_for_signal(const std::stop_token& over);

  sigset_t signals_{};
  sigset_t before_{};
  std::stop_source stop_;
  std::jthread waiter_;
};

}  // namespace waitlab::client
