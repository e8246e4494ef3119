#pragma once

#include "client/record/load_result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// What a reader must know before trusting the figures of a run that may well be valid, one sentence each:
///
/// - more than 0.1 % of the requests failed, or more than 1 % timed out or got an unwanted answer; of the latter, what
///   the times are without theirs,
/// - requests were cut when the run was ended early, so that percentiles are lower bounds,
/// - the server fell behind an open loop (second_half.hpp), unless the run was cut short,
/// - the way to the server led through a port that a container engine publishes,
/// - a listen queue overflowed, so that connects took a second and more,
/// - the client's own lag is more than a tenth of a response time that is shown, the one and the other at the same
///   percentile, or at most,
/// - other programs pushed the load threads off their CPU more than 500 times a second,
/// - more than 1 % of the CPU time that was wanted was stolen, or of the periods of the client's CPU quota used up,
/// - more than 10 % of the responses came in two parts about 40 ms apart, as by Nagle's algorithm,
/// - the run was not steady (steadiness.hpp), unless the server fell behind.
std::vector<std::string> notes_on(const LoadResult& result);

}  // namespace waitlab::client
