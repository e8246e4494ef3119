#include "common/process/own_process.hpp"

#include "common/process/proc_stat.hpp"

#include <sys/resource.h>
#include <unistd.h>
#include <ctime>
#include <filesystem>
#include <iterator>

namespace waitlab {
namespace {

using std::chrono::nanoseconds;

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
    if (const auto stat = read_proc_stat(::getpid()))
      moment = std::chrono::system_clock::now() - (since_boot() - stat->started);
    return moment;
  }();
  return start;
}

}  // namespace waitlab
