#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cstddef>
#include <cstring>

namespace waitlab::server {

/// A child that does some work in memory that it shares, one instruction at a time: what it leaves there if it is
/// killed just then can be looked at for any moment, not only for those that chance meets.
class SteppedChild {
 public:
  template <class Work>
  explicit SteppedChild(Work work) : pid_(::fork()) {
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
      ::raise(SIGSTOP);
      work();
      ::_exit(0);
    }
    await();
  }
  SteppedChild(const SteppedChild&) = delete;
  SteppedChild& operator=(const SteppedChild&) = delete;
  ~SteppedChild() { kill(); }

  pid_t pid() const { return pid_; }

  /// Returns whether it has not ended yet.
  bool step() {
    ::ptrace(PTRACE_SINGLESTEP, pid_, nullptr, nullptr);
    await();
    return is_stopped_;
  }

  void kill() {
    while (is_stopped_) {
      ::kill(pid_, SIGKILL);
      await();
    }
  }

 private:
  void await() {
    int status = 0;
    is_stopped_ = ::waitpid(pid_, &status, 0) == pid_ && WIFSTOPPED(status);
  }

  const pid_t pid_;
  bool is_stopped_ = false;
};

/// A piece of memory that somebody else may have changed since it was looked at last.
class WatchedMemory {
 public:
  explicit WatchedMemory(const void* begin) : begin_(begin) { has_changed(); }

  bool has_changed() {
    if (std::memcmp(before_.data(), begin_, before_.size()) == 0) return false;
    std::memcpy(before_.data(), begin_, before_.size());
    return true;
  }

  static constexpr std::size_t size = 4096;

 private:
  const void* begin_;
  std::array<std::byte, size> before_{};
};

}  // namespace waitlab::server
