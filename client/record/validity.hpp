#pragma once

#include "client/record/load_result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// Why the figures of this result must not be trusted, one sentence each; empty if nothing speaks against them. The
/// rules are all here: the run was interrupted, some request's end was lost, nothing completed, the connection cap held
/// requests back, or the client itself was late (schedule lag's p99 above 10 ms).
std::vector<std::string> judge(const LoadResult& result);

}  // namespace waitlab::client
