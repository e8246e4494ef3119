#include "common/process/machine.hpp"

#include "common/process/cgroup_limits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace waitlab {

std::vector<int> usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) {
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
    }
  }
  if (cpus.empty()) cpus.push_back(0);
  return cpus;
}

Result<void> run_on_cpus(const std::vector<int>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus)
    CPU_SET(cpu, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) {
    return Failure{fmt::format("cannot run on CPU {}: {} (usable: {})", fmt::join(cpus, ","), std::strerror(errno),
                               fmt::join(usable_cpus(), ","))};
  }
  return {};
}

namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string kernel() {
  utsname name{};
  if (::uname(&name) != 0) return "unknown";
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

std::optional<std::string> governor() {
  std::ifstream file("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  std::string name;
  if (!(file >> name)) return std::nullopt;
  return name;
}

std::uint64_t memory_bytes() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page_size = ::sysconf(_SC_PAGESIZE);
  return pages > 0 && page_size > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_size) : 0;
}

}  // namespace

Machine describe_machine() {
  const CgroupLimits cgroup = cgroup_limits();
  return {.cpu_model = cpu_model(),
          .cpus_online = static_cast<unsigned>(::sysconf(_SC_NPROCESSORS_ONLN)),
          .cpus_usable = static_cast<unsigned>(usable_cpus().size()),
          .cpu_quota = cgroup.cpus,
          .memory_bytes = std::min(memory_bytes(), cgroup.memory_bytes.value_or(memory_bytes())),
          .kernel = kernel(),
          .governor = governor()};
}

}  // namespace waitlab
