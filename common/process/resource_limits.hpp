#pragma once

#include "common/process/cgroup_limits.hpp"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>

namespace waitlab {

/// Whether this process runs in a container, as Docker and Podman tell by a file in its `root`.
bool in_container(const std::filesystem::path& root = "/");

/// Lets this process open as many descriptors as its hard limit allows (RLIMIT_NOFILE). Does nothing if the limit can't
/// be changed: running out of descriptors is then met earlier, where it is handled anyway.
void raise_descriptor_limit() noexcept;

/// A number of something that can't be passed, and what sets it, in words that follow "because of": its name and its
/// own value, "vm.max_map_count, 65530".
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
                                  ///< kernel's, and what fits into its memory and its address space

  std::uint64_t mappings = std::numeric_limits<std::uint64_t>::max();  ///< of memory: vm.max_map_count, if known

  /// How many CPUs' worth of time it can have: the usable ones, or less by its control groups.
  double cpus() const;
};

/// What rlimits say of threads; nothing: no limit, or none that holds for this process.
struct ThreadRlimits {
  std::optional<std::uint64_t> processes{};            ///< RLIMIT_NPROC, which root is exempt from
  std::optional<std::uint64_t> address_space_bytes{};  ///< RLIMIT_AS
  std::uint64_t stack_bytes = 8 << 20;                 ///< RLIMIT_STACK: the address space that a thread takes
};

/// The same for a process with these control groups and rlimits, on a machine with its /proc there.
ResourceLimits resource_limits(const CgroupLimits& cgroup, const ThreadRlimits& rlimits,
                               const std::filesystem::path& proc);

/// This process's limits as they are now.
ResourceLimits resource_limits();

}  // namespace waitlab
