#include "common/process/cpu_affinity.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sched.h>
#include <cerrno>
#include <cstring>

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

}  // namespace waitlab
