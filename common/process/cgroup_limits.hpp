#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

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

/// How often a control group had used up its CPU quota, since it was made.
struct CgroupThrottling {
  std::uint64_t periods = 0;    ///< of the quota, mostly 100 ms each, in which a group had something to do
  std::uint64_t throttled = 0;  ///< of these: its threads had to wait for the next
};

/// Of each group on the way from the process's groups to the root, always in the same order. Reads cpu.stat of cgroup
/// v2 and v1, as `cgroup_limits` reads limits.
std::vector<CgroupThrottling> cgroup_throttling(const std::string& membership, const std::filesystem::path& mount);

/// The same for this process.
std::vector<CgroupThrottling> cgroup_throttling();

}  // namespace waitlab
