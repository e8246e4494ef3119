#pragma once

#include "client/check/check.hpp"
#include "client/check/conditions.hpp"
#include "client/check/run_logs.hpp"
#include "client/record/load_result.hpp"

#include <vector>

namespace waitlab::client {

/// What the client's times may differ by from the server's. The way there and back takes a request up to this long, and
/// a share of its time that is each law's own.
inline constexpr double way_seconds = 0.001;

/// The width of a histogram's bucket.
inline constexpr double bucket_share = 0.002;

/// L = lambda W (Little 1961), exact over a time that begins and ends empty, whatever the laws. L is what the server
/// logged: the integral of its requests in flight. lambda W is what the client saw: its responses times their mean
/// service time, over the same time. The client's is larger by what the way to the server and back takes: at most 1 ms
/// and 2 % are allowed for it; 0.2 % below, for the width of the histogram's buckets. Not judged where that
/// is more than half of what the client saw. Needs the server's log.
Finding check_little(const LoadResult& load, const RunLogs& logs, const Conditions& conditions);

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
