#include "common/process/resource_limits.hpp"

#include "common/config/units.hpp"
#include "common/process/machine.hpp"

#include <fmt/format.h>

#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

namespace waitlab {

bool in_container(const std::filesystem::path& root) {
  std::error_code ignored;
  return std::filesystem::exists(root / ".dockerenv", ignored) ||
         std::filesystem::exists(root / "run/.containerenv", ignored);
}

void raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

/// What a thread takes that waits with its request: its stack, the kernel's, the connection and its sockets' buffers,
/// measured with 4096 of them; and what the server and a backend of its own take without any.
constexpr std::uint64_t waiting_thread_bytes = 64 << 10;
constexpr std::uint64_t idle_bytes = 32 << 20;

/// A thread's stack and the guard page below it.
constexpr std::uint64_t mappings_per_thread = 2;

std::optional<std::uint64_t> soft_limit(__rlimit_resource resource) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur;
}

ThreadRlimits thread_rlimits() {
  ThreadRlimits limits{.processes = soft_limit(RLIMIT_NPROC), .address_space_bytes = soft_limit(RLIMIT_AS)};
  if (::geteuid() == 0) limits.processes.reset();
  if (const auto stack = soft_limit(RLIMIT_STACK)) limits.stack_bytes = std::max<std::uint64_t>(*stack, 1);
  return limits;
}

std::optional<std::uint64_t> kernel_setting(const fs::path& path) {
  std::ifstream file(path);
  std::uint64_t value = 0;
  if (!(file >> value)) return std::nullopt;
  return value;
}

/// A limit on the number of something, of which each thread takes `each`.
NamedLimit counted(std::optional<std::uint64_t> value, std::string_view name, std::uint64_t each = 1) {
  if (!value) return {no_limit, {}};
  return {*value / each, fmt::format("{}, {}", name, *value)};
}

/// A limit on bytes, of which `taken` are in use and each thread takes `each`.
NamedLimit sized(std::optional<std::uint64_t> bytes, std::string_view name, std::uint64_t taken, std::uint64_t each) {
  if (!bytes) return {no_limit, {}};
  return {(*bytes - std::min(*bytes, taken)) / each, fmt::format("{}, {}", name, format_size(*bytes))};
}

NamedLimit tightest_thread_limit(const CgroupLimits& cgroup, const ThreadRlimits& rlimits, const fs::path& proc) {
  const NamedLimit limits[] = {
      counted(cgroup.pids, "the control group's pids limit (--pids-limit, pids_limit)"),
      sized(cgroup.memory_bytes, "the control group's memory limit (--memory, mem_limit)", idle_bytes,
            waiting_thread_bytes),
      counted(rlimits.processes, "the user's limit of processes (ulimit -u)"),
      sized(rlimits.address_space_bytes, "the limit of address space (ulimit -v)", 0, rlimits.stack_bytes),
      counted(kernel_setting(proc / "sys/kernel/threads-max"), "the kernel's limit of threads (kernel.threads-max)"),
      counted(kernel_setting(proc / "sys/kernel/pid_max"), "the kernel's limit of process ids (kernel.pid_max)"),
      counted(kernel_setting(proc / "sys/vm/max_map_count"),
              "the kernel's limit of mappings, two for a thread (vm.max_map_count)", mappings_per_thread),
  };
  return *std::min_element(std::begin(limits), std::end(limits),
                           [](const NamedLimit& a, const NamedLimit& b) { return a.most < b.most; });
}

}  // namespace

double ResourceLimits::cpus() const {
  return std::min<double>(cpus_usable, cgroup.cpus.value_or(cpus_usable));
}

ResourceLimits resource_limits(const CgroupLimits& cgroup, const ThreadRlimits& rlimits, const fs::path& proc) {
  return {.cpus_usable = static_cast<unsigned>(usable_cpus().size()),
          .cgroup = cgroup,
          .descriptors = soft_limit(RLIMIT_NOFILE).value_or(no_limit),
          .threads = tightest_thread_limit(cgroup, rlimits, proc),
          .mappings = kernel_setting(proc / "sys/vm/max_map_count").value_or(no_limit)};
}

ResourceLimits resource_limits() {
  return resource_limits(cgroup_limits(), thread_rlimits(), "/proc");
}

}  // namespace waitlab
