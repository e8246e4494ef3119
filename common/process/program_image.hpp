#pragma once

#include "common/net/file_descriptor.hpp"
#include "common/process/child_process.hpp"
#include "common/result.hpp"

#include <sched.h>
#include <sys/types.h>
#include <optional>
#include <string>
#include <vector>

namespace waitlab {

/// Everything a child needs to become its program, made ready before the fork: between fork and exec only
/// async-signal-safe calls are allowed, because other threads of the parent may have held any lock at the fork.
class ProgramImage {
 public:
  struct Launched {
    pid_t pid;
    int stdout_fd;  ///< the caller owns it
  };

  /// Finds the program, opens the stderr file and lays out arguments and environment.
  static Result<ProgramImage> prepare(const ChildProcess::Options& options);

  /// Forks and executes. Returns when the program runs; a child that could not get there is reaped and reported.
  Result<Launched> launch();

 private:
  ProgramImage() = default;
  void become_program(int stdout_fd, int failure_fd, pid_t parent) noexcept;

  std::string program_;
  std::vector<std::string> arguments_;
  std::vector<std::string> environment_;
  std::string directory_;
  bool stdout_to_stderr_ = false;
  std::optional<cpu_set_t> cpus_;
  FileDescriptor input_;
  FileDescriptor stderr_;
  std::vector<char*> argv_;
  std::vector<char*> envp_;
};

}  // namespace waitlab
