#pragma once

#include "client/record/load_result.hpp"

#include <string>

namespace waitlab::client {

/// The requests of a mix, a line each. Empty where there is only one; else it ends in a newline. 80 columns: a longer
/// path is cut.
std::string target_table(const LoadResult& result);

}  // namespace waitlab::client
