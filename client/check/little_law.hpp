#pragma once

#include "client/check/conditions.hpp"
#include "client/check/finding.hpp"
#include "client/check/run_logs.hpp"
#include "client/record/load_result.hpp"

namespace waitlab::client {

/// L = lambda W (Little 1961), exact over a time that begins and ends empty, whatever the laws. L is what the server
/// logged: the integral of its requests in flight. lambda W is what the client saw: its responses times their mean
/// service time, over the same time. The client's is larger by what the way to the server and back takes: at most 1 ms
/// and 2 % are allowed for it; 0.2 % below, for the width of the histogram's buckets. Not judged where that
/// is more than half of what the client saw. Needs the server's log.
Finding check_little(const LoadResult& load, const RunLogs& logs, const Conditions& conditions);

}  // namespace waitlab::client
