#pragma once

#include "client/record/time_split.hpp"

#include <cstdint>
#include <string>

namespace waitlab::client {

/// Where the response times went, on average over the responses in `split` and over the slowest of them: a line for
/// each part that took any time. Where no server told its parts, they stand together with the transfer. `responses` is
/// how many came in all: if that is more, those in the split are called the good ones. Empty if there are none; else it
/// ends in a newline. 80 columns.
std::string split_table(const SplitTally& split, std::uint64_t responses);

}  // namespace waitlab::client
