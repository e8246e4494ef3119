#pragma once

#include <sys/types.h>
#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

namespace waitlab {

/// The numbers among the names in a folder of /proc: processes, or the threads of one. None if it is gone.
std::vector<pid_t> numbered_entries(const std::filesystem::path& folder);

/// A process by its /proc/PID/stat.
struct ProcStat {
  char state = 'Z';
  pid_t parent = 0;
  std::chrono::nanoseconds ended_children{0};  ///< CPU time of children that were waited for
  std::chrono::nanoseconds started{0};         ///< after the boot, in hundredths of a second

  /// One that has ended stays until it is waited for.
  bool has_ended() const { return state == 'Z' || state == 'X'; }
};

/// Nothing if there is no such process.
std::optional<ProcStat> read_proc_stat(pid_t pid);

}  // namespace waitlab
