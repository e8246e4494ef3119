#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace waitlab {

/// How many CPUs' worth of time the process's control groups allow, the tightest limit on the way to the root counting
/// (0.5: half a core). Reads cgroup v2's cpu.max and v1's cpu.cfs_quota_us below `mount`, at the paths that
/// `membership` (the text of /proc/self/cgroup) names. Nothing when no limit is set.
std::optional<double> cpu_quota(const std::string& membership, const std::filesystem::path& mount);

/// The same for this process.
std::optional<double> cpu_quota();

}  // namespace waitlab
