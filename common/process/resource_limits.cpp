#include "common/process/resource_limits.hpp"

#include "common/process/cpu_affinity.hpp"

#include <sys/resource.h>
#include <algorithm>
#include <fstream>
#include <limits>

namespace waitlab {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

/// What a thread that only waits takes: about 8 KiB of its stack, and 16 KiB of the kernel's.
constexpr std::uint64_t waiting_thread_bytes = 24 * 1024;

/// A thread's stack and the guard page below it.
constexpr std::uint64_t mappings_per_thread = 2;

std::uint64_t soft_limit(__rlimit_resource resource) {
  rlimit limit{};
  return ::getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY ? limit.rlim_cur : no_limit;
}

std::uint64_t kernel_setting(const fs::path& path) {
  std::ifstream file(path);
  std::uint64_t value = 0;
  return file >> value ? value : no_limit;
}

NamedLimit tightest_thread_limit(const CgroupLimits& cgroup, const fs::path& proc) {
  const std::uint64_t memory = cgroup.memory_bytes.value_or(no_limit);
  const NamedLimit limits[] = {
      {cgroup.pids.value_or(no_limit), "the control group's pids limit (--pids-limit, pids_limit)"},
      {memory / waiting_thread_bytes, "the control group's memory limit (--memory, mem_limit)"},
      {soft_limit(RLIMIT_NPROC), "the user's limit of processes (ulimit -u)"},
      {kernel_setting(proc / "sys/kernel/threads-max"), "the kernel's limit of threads (kernel.threads-max)"},
      {kernel_setting(proc / "sys/kernel/pid_max"), "the kernel's limit of process ids (kernel.pid_max)"},
      {kernel_setting(proc / "sys/vm/max_map_count") / mappings_per_thread,
       "the kernel's limit of mappings, two for a thread (vm.max_map_count)"},
  };
  return *std::min_element(std::begin(limits), std::end(limits),
                           [](const NamedLimit& a, const NamedLimit& b) { return a.most < b.most; });
}

}  // namespace

double ResourceLimits::cpus() const {
  return std::min<double>(cpus_usable, cgroup.cpus.value_or(cpus_usable));
}

ResourceLimits resource_limits(const CgroupLimits& cgroup, const fs::path& proc) {
  return {.cpus_usable = static_cast<unsigned>(usable_cpus().size()),
          .cgroup = cgroup,
          .descriptors = soft_limit(RLIMIT_NOFILE),
          .threads = tightest_thread_limit(cgroup, proc)};
}

ResourceLimits resource_limits() {
  return resource_limits(cgroup_limits(), "/proc");
}

}  // namespace waitlab
