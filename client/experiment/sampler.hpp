#pragma once

#include "client/experiment/server_status.hpp"
#include "client/record/experiment_result.hpp"
#include "common/process/usage_tally.hpp"

#include <sys/types.h>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace waitlab::client {

/// Where to look at a target that is under load.
struct Watched {
  std::function<std::vector<pid_t>()> processes;  ///< its processes as they are now; empty: not known which they are
  std::string admin_address;                      ///< of a server of ours, which tells of itself; else empty
};

/// The memory that these processes have resident now; nothing if none is known or none runs.
std::optional<std::uint64_t> resident_bytes(const Watched& watched);

/// Watches a target while it is under load, on a thread of its own: its processes' threads and memory from /proc ten
/// times a second; its counters at both ends of the measured window, from /status if it is a server of ours and else
/// from /proc, and in between twice a second there and five times here, for the sake of threads that end. Nothing of
/// one whose processes are not known. The calls are for one thread; none but the constructor and `finish` waits.
class Sampler {
 public:
  /// Starts watching. What is watched must outlive it.
  explicit Sampler(Watched watched);
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
  bool has_moved();
  void sample();
  std::optional<ServerStatus> ask();
  void read_status(Window window);
  void note(const RequestsInside& requests);

  const Watched watched_;
  const Clock::time_point began_ = Clock::now();

  std::mutex mutex_;
  std::condition_variable_any moved_;
  Window window_ = Window::before;

  // Written by the watching thread, read after it ended.
  Window seen_ = Window::before;
  std::vector<pid_t> processes_;  ///< as they were at the last look at the counters
  UsageTally usage_;              ///< of processes that can't be asked
  ServerObservation observation_;
  std::optional<RequestsInside> first_;  ///< of all, before the window
  std::optional<ServerStatus> before_;   ///< the last look before the window
  std::optional<ServerStatus> window_begin_;
  std::optional<ServerStatus> window_end_;

  std::jthread watcher_;
};

/// A short picture of what the threads and requests of a server of ours do while it is under load, by its own /trace.
/// A run never fails for want of one. The calls are for one thread.
class LanePicture {
 public:
  /// Of the server with this admin listener; of none if it is empty.
  explicit LanePicture(std::string admin_address) : admin_address_(std::move(admin_address)) {}

  /// Begins to take it and returns at once. Only the first call counts.
  void take();

  /// The picture: the JSON of a list of Chrome trace events. Empty if none was taken, or the server has none to give,
  /// or it is too large for a report. Waits for it, for some seconds at most.
  std::string finish();

 private:
  const std::string admin_address_;
  std::future<std::string> taken_;
};

/// The list of events in the text of a trace; empty if it is no trace, or too large for a report.
std::string lanes_in(std::string_view trace);

}  // namespace waitlab::client
