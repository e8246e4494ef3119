#include "common/process/own_process.hpp"

#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace waitlab {
namespace {

using std::chrono::nanoseconds;

/// From the boot to the start of this process: field 22 of /proc/self/stat, the 20th after the name in parentheses,
/// which may hold anything.
std::optional<nanoseconds> start_after_boot() {
  std::ifstream file("/proc/self/stat");
  std::string stat{std::istreambuf_iterator<char>(file), {}};
  std::istringstream fields(stat.substr(std::min(stat.rfind(')'), stat.size())));
  std::string field;
  for (int number = 2; number < 22; ++number)
    fields >> field;
  std::int64_t ticks = 0;
  if (!(fields >> ticks)) return std::nullopt;
  return nanoseconds{ticks * (1'000'000'000 / ::sysconf(_SC_CLK_TCK))};
}

nanoseconds since_boot() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds{time.tv_sec} + nanoseconds{time.tv_nsec};
}

}  // namespace

DescriptorUse descriptor_use() {
  DescriptorUse use;
  std::error_code error;
  const std::filesystem::directory_iterator entries("/proc/self/fd", error);
  if (!error) use.open = static_cast<std::size_t>(std::distance(begin(entries), end(entries))) - 1;  // its own
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) use.most = limit.rlim_cur;
  return use;
}

std::optional<std::chrono::sys_time<nanoseconds>> process_start() {
  // Worked out once: from one time to the next it would differ by nanoseconds, and look like a restart.
  static const auto start = [] {
    std::optional<std::chrono::sys_time<nanoseconds>> moment;
    if (const auto after_boot = start_after_boot())
      moment = std::chrono::system_clock::now() - (since_boot() - *after_boot);
    return moment;
  }();
  return start;
}

}  // namespace waitlab
