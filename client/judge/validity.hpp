#pragma once

#include "client/record/load_result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace waitlab::client {

/// Of what programs wanted of the CPUs: with more taken from them, no figure is the server's, or the client's, alone.
inline constexpr double most_cpu_loss = 0.05;

/// Why the figures of this result must not be trusted, one sentence each; empty if nothing speaks against them. The
/// rules are all here:
///
/// - the run was interrupted (a threshold that ended it early is no fault of its figures),
/// - some request's end was lost, or nothing was measured: none completed, and none timed out,
/// - the connection cap held requests back,
/// - the client itself was late: schedule lag's p99 above 10 ms,
/// - the requests as they were sent do not fit the process that was asked for (arrival_fit.hpp),
/// - in a closed loop, which has no schedule to be late for, a load thread was busy for 97 % of at least a second, so
///   that responses waited for it,
/// - more than `most_cpu_loss` of the CPU time that was wanted was stolen, or of the periods of the client's CPU quota
///   used up.
///
/// Where the rate changes, cap and lag are judged for each step.
std::vector<std::string> judge(const LoadResult& result);

/// Those of them that are about one of its steps.
std::vector<std::string> judge_step(const LoadResult& result, std::size_t index);

}  // namespace waitlab::client
