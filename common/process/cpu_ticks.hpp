#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace waitlab {

/// Where the time of some CPUs went, in ticks (mostly 10 ms) since the machine started.
struct CpuTicks {
  std::uint64_t all = 0;
  std::uint64_t wanted = 0;  ///< of them: somebody had something to do, and got the CPU or not
  std::uint64_t stolen = 0;  ///< of these: given to other virtual machines by the hypervisor ("steal")
};

/// Of these CPUs, or of all if none is named, as `stat`, the text of /proc/stat, tells it (proc(5)).
CpuTicks cpu_ticks(const std::string& stat, const std::vector<int>& cpus);

/// The same of this machine. Zeros where the kernel does not say.
CpuTicks cpu_ticks(const std::vector<int>& cpus);

}  // namespace waitlab
