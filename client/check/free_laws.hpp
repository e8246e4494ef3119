#pragma once

#include "client/check/conditions.hpp"
#include "client/check/finding.hpp"
#include "client/check/run_logs.hpp"
#include "client/record/load_result.hpp"

#include <vector>

namespace waitlab::client {

/// M/G/infinity: where nothing queues for a thread and the backend holds any number, a response takes its hold,
/// whatever law the holds follow, and the requests in flight are a Poisson number of mean lambda S.
///
/// The client's percentiles are held against those of the same requests' holds in the backend's log: at most 1 ms and
/// 1 % above, for the way there and back, and 0.2 % below, for the width of the histogram's buckets. So is the mean in
/// flight by the server's log. Its dispersion may be what that of the planned share of simulated runs is with holds
/// drawn from this run's.
std::vector<Finding> check_free(const LoadResult& load, const RunLogs& logs, const Conditions& conditions,
                                const SimulationPlan& plan);

}  // namespace waitlab::client
