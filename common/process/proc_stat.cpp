#include "common/process/proc_stat.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <fstream>
#include <sstream>
#include <string>

namespace waitlab {
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
