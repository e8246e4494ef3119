#pragma once

#include "client/record/load_result.hpp"
#include "client/stats/time_text.hpp"

#include <string>

namespace waitlab::client {

/// The result as a person reads it: a few lines of at most 80 columns (long URLs and messages aside), ending in a
/// newline.
std::string to_text(const LoadResult& result);

}  // namespace waitlab::client
