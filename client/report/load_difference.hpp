#pragma once

#include "client/record/named_result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// In what the runs of A and B were not loaded alike, one line each: "different offered rate: 400/s in A, 500/s in B".
/// What differs should be the server, so these say that apples are compared with pears. The host and the port may
/// differ, and how long the runs took.
std::vector<std::string> differences_in_load(const std::vector<NamedResult>& a, const std::vector<NamedResult>& b);

}  // namespace waitlab::client
