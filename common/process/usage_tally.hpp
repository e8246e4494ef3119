#pragma once

#include "common/process/process_stats.hpp"

#include <sys/types.h>
#include <cstdint>
#include <map>
#include <vector>

namespace waitlab {

/// What processes used so far, by looking at them again and again: the kernel forgets the context switches of a thread
/// that ends. Not thread-safe.
class UsageTally {
 public:
  /// The CPU time of these processes, that of children which have ended included, and the context switches of all
  /// threads seen in this look or an earlier one. What a thread did after the last look at it is lost once it ends. A
  /// look takes the longer the more threads there are.
  ResourceUsage look(const std::vector<pid_t>& processes);

 private:
  /// Of a thread, as it was seen last.
  struct Switches {
    std::uint64_t voluntary = 0;
    std::uint64_t involuntary = 0;
  };

  static Switches read_switches(pid_t pid, pid_t thread);

  std::map<pid_t, Switches> threads_;
  Switches of_reused_ids_;  ///< of ended threads whose id another has now
};

}  // namespace waitlab
