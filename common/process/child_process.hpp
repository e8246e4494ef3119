#pragma once

#include "common/result.hpp"

#include <sys/types.h>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace waitlab {

/// "exit code 1", or "signal 9" if that ended it; of a code as ChildProcess tells it.
std::string exit_text(int code);

/// A program we started, in a process group of its own. Owns the process: destroying it ends the process (SIGTERM, then
/// SIGKILL), and the kernel ends it too should this process die first. Move-only. Use one object from one thread;
/// `start` must be called on a thread that lives as long as the child should (the kernel ties the child's death signal
/// to it).
class ChildProcess {
 public:
  struct Options {
    std::vector<std::string> command{};        ///< program and arguments; looked up on PATH if without a slash
    std::vector<int> cpus{};                   ///< CPUs it may run on; empty: the same as ours
    std::optional<std::string> stderr_file{};  ///< where its stderr goes; none: to ours
    bool stdout_to_stderr = false;             ///< its stdout goes there too, and `read_line` reads nothing
    bool keep_waitlab_environment = false;     ///< whether it inherits WAITLAB_… variables
    std::vector<std::string> environment{};    ///< "NAME=value" words, instead of what it inherits by those names
    std::string directory{};                   ///< its working directory; empty: ours
    int stdin_descriptor = -1;                 ///< what it has as its stdin, which stays ours; none: /dev/null
  };

  /// Starts the program with its stdout readable through `read_line`. A program that can't be executed is a Failure.
  static Result<ChildProcess> start(const Options& options);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  pid_t pid() const noexcept;

  /// The next line the program prints on stdout, without its newline. Failure when it ends or `patience` runs out
  /// first.
  Result<std::string> read_line(std::chrono::milliseconds patience);

  void signal(int number) noexcept;

  /// The exit code (128 + signal number if a signal ended it), or nothing while it runs.
  std::optional<int> exit_code() noexcept;

  /// Waits up to `patience` for the program to end by itself.
  std::optional<int> wait(std::chrono::milliseconds patience) noexcept;

  /// SIGTERM, then SIGKILL after `grace`; returns the exit code. Nothing if it still runs then, because it runs as
  /// another user whose processes we may not kill.
  std::optional<int> stop(std::chrono::milliseconds grace) noexcept;

 private:
  ChildProcess(pid_t pid, int stdout_fd) noexcept;

  pid_t pid_ = -1;
  int stdout_ = -1;
  std::string unread_;
  std::optional<int> exit_code_;
};

}  // namespace waitlab
