#pragma once

#include "common/result.hpp"

#include <vector>

namespace waitlab {

/// The CPUs the calling thread may run on, ascending; never empty.
std::vector<int> usable_cpus();

/// Keeps the calling thread, and every thread and process it starts from now on, on these CPUs. Called in main before
/// any thread exists, it pins the whole process. A CPU we may not use is a Failure.
Result<void> run_on_cpus(const std::vector<int>& cpus);

}  // namespace waitlab
