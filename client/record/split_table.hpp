#pragma once

#include "client/record/time_split.hpp"

#include <string>

namespace waitlab::client {

/// Where the response times went, on average over all responses and over the slowest: a line for each part that took
/// any time. Where no server told its parts, they stand together with the transfer. Empty if no request completed; else
/// it ends in a newline. 80 columns.
std::string split_table(const SplitTally& split);

}  // namespace waitlab::client
