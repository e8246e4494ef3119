#pragma once

#include "client/record/load_result.hpp"

#include <string>

namespace waitlab::client {

/// The steps of a load whose rate changes, a line each. Those that would not be valid as a run of their own
/// (validity.hpp) are marked with !. Empty if the rate does not change; else it ends in a newline. 80 columns.
std::string step_table(const LoadResult& result);

}  // namespace waitlab::client
