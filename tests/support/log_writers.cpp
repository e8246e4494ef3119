#include "tests/support/log_writers.hpp"

#include "common/process/proc_files.hpp"

#include <fmt/format.h>

#include <system_error>

namespace waitlab {

std::vector<pid_t> log_writers(const std::filesystem::path& place) {
  std::vector<pid_t> writers;
  for (const pid_t pid : numbered_entries("/proc")) {
    std::error_code ended;
    const auto log = std::filesystem::read_symlink(fmt::format("/proc/{}/fd/2", pid), ended);
    if (log.string().starts_with(place.string())) writers.push_back(pid);
  }
  return writers;
}

}  // namespace waitlab
