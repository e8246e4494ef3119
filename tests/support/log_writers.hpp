#pragma once

#include <sys/types.h>
#include <filesystem>
#include <vector>

namespace waitlab {

/// The processes whose stderr goes to this file, or to a file in this folder. An experiment gives each program it
/// starts such a file, and what that starts inherits it.
std::vector<pid_t> log_writers(const std::filesystem::path& place);

}  // namespace waitlab
