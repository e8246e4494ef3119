#pragma once

#include <sys/types.h>
#include <filesystem>
#include <vector>

namespace waitlab {

/// The numbers among the names in a folder of /proc: processes, or the threads of one. None if it is gone.
std::vector<pid_t> numbered_entries(const std::filesystem::path& folder);

}  // namespace waitlab
