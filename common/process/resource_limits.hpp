#pragma once

#include "common/process/cgroup_limits.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace waitlab {

/// A number of something that can't be passed, and what sets it, in words that follow "because of".
struct NamedLimit {
  std::uint64_t most = 0;
  std::string name;
};

/// What this process may use of its machine.
struct ResourceLimits {
  unsigned cpus_usable = 1;       ///< by its affinity
  CgroupLimits cgroup;            ///< by its control groups
  std::uint64_t descriptors = 0;  ///< that it may have open: RLIMIT_NOFILE
  NamedLimit threads;             ///< that it may have at once: the tightest of the control group's, the user's, the
                                  ///< kernel's, and what fits into the control group's memory

  /// How many CPUs' worth of time it can have: the usable ones, or less by its control groups.
  double cpus() const;
};

/// The same for a process with these control groups, on a machine with its /proc there.
ResourceLimits resource_limits(const CgroupLimits& cgroup, const std::filesystem::path& proc);

/// This process's limits as they are now.
ResourceLimits resource_limits();

}  // namespace waitlab
