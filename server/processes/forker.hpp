#pragma once

#include "common/net/file_descriptor.hpp"
#include "common/process/child_process.hpp"
#include "common/process/restart_pauses.hpp"
#include "server/processes/messages.hpp"
#include "server/site/application.hpp"

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace waitlab::server {

/// The program that forks a process for each request, as its server has it: `waitlab-server` once more, started with
/// fork_program_argument. A server with threads must not fork by itself, as a mutex that some thread holds would stay
/// locked in the new process.
///
/// Owns the program, which ends with it once its processes have. Thread-safe but for `tend` and the destructor. The
/// callbacks run on a thread of its own and must not block.
class Forker {
 public:
  struct Callbacks {
    std::function<void(Served)> on_served;
    std::function<void(const Ended&)> on_ended;
    std::function<void(const NotForked&)> on_not_forked;
    std::function<void()> on_lost;  ///< the program has ended, and all its processes with it
  };

  /// Starts the program on the calling thread, which must live as long as this. Throws std::runtime_error if it does
  /// not start.
  Forker(const ApplicationParts& parts, Callbacks callbacks);
  ~Forker();

  Forker(const Forker&) = delete;
  Forker& operator=(const Forker&) = delete;

  /// Hands a job over, at the latest once the program has taken those before it; the connection stays open until news
  /// of it comes. Returns false, and there will be none, if the program has ended.
  bool send(Letter job);

  /// To be called now and then on the thread that made this: starts the program again should it have ended, and tells
  /// on the log what becomes of it. Returns whether it runs.
  bool tend(TimePoint now);

 private:
  void start();
  void forget_program();
  void run(const std::stop_token& stop);
  bool take_news();
  bool send_waiting();
  void forget_channel();

  const ApplicationParts parts_;
  const Callbacks callbacks_;
  const FileDescriptor wake_;  ///< the thread, from poll

  std::optional<ChildProcess> program_;  ///< of the thread that made this, like all that is not guarded
  TimePoint since_;                      ///< it was started, or is to be
  RestartPauses pauses_;

  std::mutex mutex_;           ///< guards what follows
  FileDescriptor channel_;     ///< none once the program has ended
  std::deque<Letter> unsent_;  ///< oldest first

  std::jthread thread_;
};

}  // namespace waitlab::server
