#pragma once

#include "common/result.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace waitlab {

/// Reads delays that were recorded, in their order: a file with one on each line, such as "50ms", or a hold log of
/// waitlab-backend (CSV), of which it takes what `column` holds of the holds that were served. Empty lines are passed
/// over. A Failure names the file and the line, or says that there is no delay in it.
Result<std::vector<std::chrono::nanoseconds>> read_recording(const std::string& path, const std::string& column);

}  // namespace waitlab
