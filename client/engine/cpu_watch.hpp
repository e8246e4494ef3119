#pragma once

#include "client/record/load_result.hpp"
#include "common/process/cgroup_limits.hpp"
#include "common/process/cpu_ticks.hpp"

#include <vector>

namespace waitlab::client {

/// What becomes of the CPUs' time from its making on.
class CpuWatch {
 public:
  /// `whole_machine`: all CPUs, as the server runs on them as well; else those that the calling thread may use.
  explicit CpuWatch(bool whole_machine);

  CpuLoss loss() const;

 private:
  const std::vector<int> cpus_;
  const CpuTicks ticks_;
  const std::vector<CgroupThrottling> throttling_;
};

/// What was lost between two looks; of several quotas the one that was used up most often.
CpuLoss loss_between(const CpuTicks& before, const CpuTicks& after, const std::vector<CgroupThrottling>& quotas_before,
                     const std::vector<CgroupThrottling>& quotas_after);

}  // namespace waitlab::client
