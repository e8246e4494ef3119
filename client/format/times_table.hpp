#pragma once

#include "client/record/load_record.hpp"

#include <string>

namespace waitlab::client {

/// Response and service times side by side, each percentile with its 95 % interval, and a line for what the intervals
/// rest on where that is not plain. 80 columns at most; ends in a newline.
std::string times_table(const LoadRecord& record);

}  // namespace waitlab::client
