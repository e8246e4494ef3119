#pragma once

#include "client/record/load_result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// What a reader must know before trusting the figures of a run that may well be valid, one sentence each:
///
/// - more than 1 % of the requests failed, timed out, or got an unwanted answer,
/// - the server fell behind an open loop (second_half.hpp), unless the run was cut short,
/// - a listen queue overflowed, so that connects took a second and more,
/// - the client's own lag is more than a quarter of the p99, and at least 1 ms,
/// - other programs pushed the load threads off their CPU more than 500 times a second.
std::vector<std::string> notes_on(const LoadResult& result);

}  // namespace waitlab::client
