#pragma once

#include "common/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace waitlab {

/// The CPUs the calling thread may run on, ascending; never empty.
std::vector<int> usable_cpus();

/// Keeps the calling thread, and every thread and process it starts from now on, on these CPUs. Called in main before
/// any thread exists, it pins the whole process. A CPU we may not use is a Failure.
Result<void> run_on_cpus(const std::vector<int>& cpus);

/// The machine a measurement was made on, as far as it matters to whoever reads the figures.
struct Machine {
  std::string cpu_model;                ///< "unknown" where the kernel doesn't say
  unsigned cpus_online = 0;             ///< CPUs the kernel runs
  unsigned cpus_usable = 0;             ///< CPUs this process may use by its affinity
  std::optional<double> cpu_quota;      ///< CPUs' worth of time its cgroups allow; none: no limit
  std::uint64_t memory_bytes = 0;       ///< physical memory, or what its cgroups allow if that is less
  std::string kernel;                   ///< "Linux 6.1.0-18-amd64 x86_64"
  std::optional<std::string> governor;  ///< CPU 0's frequency governor, where readable

  bool operator==(const Machine&) const = default;
};

Machine describe_machine();

}  // namespace waitlab
