#pragma once

#include "client/record/load_result.hpp"
#include "client/record/time_split.hpp"
#include "client/stats/time_text.hpp"

#include <cstdint>
#include <string>

namespace waitlab::client {

/// The result as a person reads it: a few lines of at most 80 columns (long URLs and messages aside), ending in a
/// newline.
std::string to_text(const LoadResult& result);

/// Response and service times side by side, each percentile with its 95 % interval, and a line for what the intervals
/// rest on where that is not plain. 80 columns at most; ends in a newline.
std::string times_table(const LoadRecord& record);

/// The steps of a load whose rate changes, a line each. Those that would not be valid as a run of their own
/// (validity.hpp) are marked with !. Empty if the rate does not change; else it ends in a newline. 80 columns.
std::string step_table(const LoadResult& result);

/// The repeats of a run, a line each. Those that are not valid are marked with !. Empty without repeats; else it ends
/// in a newline. 80 columns.
std::string repeat_table(const LoadResult& result);

/// The workers that made a run together, a line each, with how well their clocks are known. Those whose part is missing
/// or not valid are marked with !. Empty where one client made it; else it ends in a newline. 80 columns.
std::string worker_table(const LoadResult& result);

/// The requests of a mix, a line each. Empty where there is only one; else it ends in a newline. 80 columns: a longer
/// path is cut.
std::string target_table(const LoadResult& result);

/// Where the response times went, on average over the responses in `split` and over the slowest of them: a line for
/// each part that took any time. Where no server told its parts, they stand together with the transfer. `responses` is
/// how many came in all: if that is more, those in the split are called the good ones. Empty if there are none; else it
/// ends in a newline. 80 columns.
std::string split_table(const SplitTally& split, std::uint64_t responses);

}  // namespace waitlab::client
