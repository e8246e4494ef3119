#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace waitlab {

/// What a process's control groups grant it. Nothing: no limit is set.
struct CgroupLimits {
  std::optional<double> cpus{};                 ///< CPUs' worth of time; 0.5: half a core
  std::optional<std::uint64_t> memory_bytes{};  ///< of all its processes together
  std::optional<std::uint64_t> pids{};          ///< threads and processes, all counted as one each
};

/// The tightest limits on the way from the process's groups to the root. Reads cgroup v2's cpu.max, memory.max and
/// pids.max, and v1's cpu.cfs_quota_us, memory.limit_in_bytes and pids.max below `mount`, at the paths that
/// `membership` (the text of /proc/self/cgroup) names.
CgroupLimits cgroup_limits(const std::string& membership, const std::filesystem::path& mount);

/// The same for this process.
CgroupLimits cgroup_limits();

}  // namespace waitlab
