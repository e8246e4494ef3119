#include "client/engine/cpu_watch.hpp"

#include "common/process/machine.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace waitlab::client {
namespace {

// Of a short run on idle CPUs, a tick or a period more or less would be a large share.
constexpr double least_wanted = 0.05;  // of all ticks
constexpr double least_ticks = 100;
constexpr double least_periods = 20;

double ticks_between(std::uint64_t before, std::uint64_t after) {
  return after > before ? static_cast<double>(after - before) : 0;
}

}  // namespace

CpuWatch::CpuWatch(bool whole_machine)
    : cpus_(whole_machine ? std::vector<int>() : usable_cpus()),
      ticks_(cpu_ticks(cpus_)),
      throttling_(cgroup_throttling()) {}

CpuLoss CpuWatch::loss() const {
  return loss_between(ticks_, cpu_ticks(cpus_), throttling_, cgroup_throttling());
}

CpuLoss loss_between(const CpuTicks& before, const CpuTicks& after, const std::vector<CgroupThrottling>& quotas_before,
                     const std::vector<CgroupThrottling>& quotas_after) {
  CpuLoss loss;
  const double all = ticks_between(before.all, after.all);
  const double wanted = std::max({ticks_between(before.wanted, after.wanted), least_wanted * all, least_ticks});
  if (all > 0) loss.stolen = std::min(ticks_between(before.stolen, after.stolen) / wanted, 1.0);
  for (std::size_t i = 0; i < std::min(quotas_before.size(), quotas_after.size()); ++i) {
    const double periods = ticks_between(quotas_before[i].periods, quotas_after[i].periods);
    if (periods == 0) continue;
    const double share =
        ticks_between(quotas_before[i].throttled, quotas_after[i].throttled) / std::max(periods, least_periods);
    loss.throttled = std::max(loss.throttled, std::optional(std::min(share, 1.0)));
  }
  return loss;
}

}  // namespace waitlab::client
