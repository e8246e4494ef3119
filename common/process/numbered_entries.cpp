#include "common/process/numbered_entries.hpp"

#include <charconv>
#include <string>
#include <system_error>

namespace waitlab {

namespace fs = std::filesystem;

std::vector<pid_t> numbered_entries(const fs::path& folder) {
  std::vector<pid_t> numbers;
  std::error_code gone;
  for (fs::directory_iterator entry(folder, gone), end; !gone && entry != end; entry.increment(gone)) {
    const std::string name = entry->path().filename();
    pid_t number = 0;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc{} && stop == name.data() + name.size()) numbers.push_back(number);
  }
  return numbers;
}

}  // namespace waitlab
