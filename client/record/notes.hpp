#pragma once

#include "client/record/load_result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// What a reader must know before trusting the figures of a run that may well be valid, one sentence each: that more
/// than 1 % of the requests failed, timed out, or were answered with an error status.
std::vector<std::string> notes_on(const LoadResult& result);

}  // namespace waitlab::client
