#pragma once

#include "client/record/load_result.hpp"

#include <chrono>
#include <string>

namespace waitlab::client {

/// The result as a person reads it: a few lines of at most 80 columns (long URLs and messages aside), ending in a
/// newline.
std::string to_text(const LoadResult& result);

/// A duration to three significant digits in the unit that suits it: "1.23 ms".
std::string short_time(std::chrono::nanoseconds time);

}  // namespace waitlab::client
