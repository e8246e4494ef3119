#pragma once

#include "client/commands/capacity_search.hpp"
#include "client/judge/threshold.hpp"
#include "client/record/load_result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// What a probe showed, and why it did not pass.
struct ProbeOutcome {
  ProbeVerdict verdict = ProbeVerdict::passed;
  std::string why;  ///< empty if it passed
};

/// Judges a run at a steady rate. It passes if the run is valid, each threshold is met, and the server kept up
/// (second_half.hpp).
///
/// A run that is not valid says nothing of the server, with two exceptions: nothing completed at all; or it is not
/// valid because all connections were busy, the client had CPU to spare, and the service times, which know nothing of
/// the wait for a connection, miss the thresholds by themselves.
ProbeOutcome judge_probe(const LoadResult& result, const std::vector<Threshold>& thresholds);

/// How long to probe at this rate: as long as was asked for, or longer where the percentiles among the thresholds need
/// more samples. Twice the fewest they need, so that chance does not take them away.
std::chrono::nanoseconds probe_time(std::chrono::nanoseconds asked, double rate,
                                    const std::vector<Threshold>& thresholds);

/// How long to load before a probe: as long as was asked for, or longer for a slow server: a few times what it takes
/// for single requests, so that what is in flight is there when the second half of the probe begins.
std::chrono::nanoseconds probe_warmup(std::chrono::nanoseconds asked,
                                      const std::optional<std::chrono::nanoseconds>& unloaded);

}  // namespace waitlab::client
