#pragma once

#include "common/process/process_stats.hpp"
#include "common/result.hpp"

#include <sys/types.h>
#include <chrono>
#include <optional>
#include <vector>

namespace waitlab {

/// The process and all that it started, directly or not, and that still runs; empty if it has ended. A process whose
/// parent has ended is not found.
std::vector<pid_t> process_tree(pid_t root);

/// Kills all that this process started, directly or not: SIGKILL, until none of them runs, or for 2 s at most. What
/// runs as another user is spared. Thread-safe.
void kill_descendants();

/// What the kernel says of these processes together: threads, memory and CPU time, that of children which have ended
/// included. Memory that several share is counted once, where the kernel tells it of them. Nothing if none of them
/// runs.
std::optional<ProcessSample> sample_processes(const std::vector<pid_t>& processes);

/// The processes of one command, whatever it does to hide them: its own, what it started, and what any of those left
/// behind. One at a time, and nothing but that command may be started while it lives: what is left behind becomes a
/// child of ours, as this process asks the kernel for, and is known by not having been there before.
class CommandTree {
 public:
  /// To be made just before the command is started.
  CommandTree();
  CommandTree(const CommandTree&) = delete;
  CommandTree& operator=(const CommandTree&) = delete;
  /// Ends what still runs, as far as it can be ended. The command itself must have been waited for.
  ~CommandTree();

  /// Kills all that still run, and waits for their end. Failure: one can't be killed, because it runs as another user.
  Result<void> end();

  /// Names the command itself, once it is started and before `processes` is asked for on other threads. What it leaves
  /// behind is from then on waited for as it ends, so that no zombies pile up; the command is not.
  void set_command(pid_t command) { command_ = command; }

  /// Those that run. Thread-safe.
  std::vector<pid_t> processes() const;

 private:
  std::vector<pid_t> before_;     ///< our children that are none of the command's
  std::optional<pid_t> command_;  ///< nothing while it is not known
};

}  // namespace waitlab
