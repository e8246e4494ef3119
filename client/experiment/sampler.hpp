#pragma once

#include "client/experiment/server_status.hpp"
#include "client/record/experiment_result.hpp"

#include <sys/types.h>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace waitlab::client {

/// Watches a server process while it is under load, on a thread of its own: its threads and memory from /proc ten times
/// a second, its counters from /status twice a second and at both ends of the measured window. The calls are for one
/// thread; none but the constructor and `finish` waits.
class Sampler {
 public:
  /// Starts watching.
  Sampler(pid_t server, std::string admin_address);
  ~Sampler();

  /// The measured window has begun or is over. Only the first call of each counts.
  void begin_window();
  void end_window();

  /// Stops watching and returns what was seen. A window that was not ended, ends here. Once only.
  ServerObservation finish();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Window { before, open, over };

  void watch(const std::stop_token& stop);
  void move_to(Window window);
  void sample();
  void read_status(Window window);
  void note(const ServerStatus& status);

  const pid_t server_;
  const std::string admin_address_;
  const Clock::time_point began_ = Clock::now();

  std::mutex mutex_;
  std::condition_variable_any moved_;
  Window window_ = Window::before;

  // Written by the watching thread, read after it ended.
  Window seen_ = Window::before;
  ServerObservation observation_;
  std::optional<ServerStatus> first_;   ///< of all, before the window
  std::optional<ServerStatus> before_;  ///< the last look before the window
  std::optional<ServerStatus> window_begin_;
  std::optional<ServerStatus> window_end_;

  std::jthread watcher_;
};

}  // namespace waitlab::client
