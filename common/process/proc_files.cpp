#include "common/process/proc_files.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <charconv>
#include <fstream>
#include <sstream>
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

namespace {

void skip(std::istream& fields, int count) {
  for (std::string skipped; count > 0; --count)
    fields >> skipped;
}

std::chrono::nanoseconds from_ticks(long ticks) {
  static const long per_second = ::sysconf(_SC_CLK_TCK);
  return std::chrono::nanoseconds(std::chrono::seconds(ticks)) / per_second;
}

}  // namespace

/// The second field is the program's name in brackets, which may hold anything, brackets and spaces too.
std::optional<ProcStat> read_proc_stat(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  if (!std::getline(file, text, '\0')) return std::nullopt;
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  ProcStat stat;
  long user = 0;
  long system = 0;
  long start = 0;
  fields >> stat.state >> stat.parent;
  skip(fields, 11);  // up to stime, the 15th
  fields >> user >> system;
  skip(fields, 4);  // up to itrealvalue, the 21st
  if (!(fields >> start)) return std::nullopt;
  stat.ended_children = from_ticks(user + system);
  stat.started = from_ticks(start);
  return stat;
}

}  // namespace waitlab
