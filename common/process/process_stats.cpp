#include "common/process/process_stats.hpp"

#include "common/process/proc_files.hpp"

#include <fmt/format.h>

#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>

namespace waitlab {
namespace {

std::chrono::nanoseconds to_duration(const timeval& time) {
  return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

std::optional<std::chrono::nanoseconds> cpu_time(pid_t pid) {
  clockid_t clock;
  timespec time;
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return std::nullopt;
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

ResourceUsage usage(int who) {
  rusage used{};
  ::getrusage(who, &used);
  return usage_of(used);
}

}  // namespace

ResourceUsage usage_of(const rusage& used) {
  return {.cpu_time = to_duration(used.ru_utime) + to_duration(used.ru_stime),
          .voluntary_switches = static_cast<std::uint64_t>(used.ru_nvcsw),
          .involuntary_switches = static_cast<std::uint64_t>(used.ru_nivcsw)};
}

Result<ProcessSample> sample_process(pid_t pid) {
  const Failure gone{fmt::format("process {} has ended: nothing to sample", pid)};
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  ProcessSample sample;
  bool has_memory = false;
  for (std::string name; status >> name;) {
    if (name == "Threads:") {
      status >> sample.threads;
    } else if (name == "VmSize:") {
      status >> sample.virtual_bytes;
      sample.virtual_bytes *= 1024;
    } else if (name == "VmRSS:") {
      status >> sample.rss_bytes;
      sample.rss_bytes *= 1024;
      has_memory = true;
    }
    status.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  const auto cpu = cpu_time(pid);
  if (!has_memory || !cpu) return gone;  // a zombie has a status, but no memory
  sample.cpu_time = *cpu;
  return sample;
}

std::optional<std::uint64_t> proportional_memory(pid_t pid) {
  std::ifstream rollup(fmt::format("/proc/{}/smaps_rollup", pid));
  for (std::string word; rollup >> word;) {
    std::uint64_t kilobytes = 0;
    if (word == "Pss:" && rollup >> kilobytes) return kilobytes * 1024;
  }
  return std::nullopt;
}

ResourceUsage process_usage() {
  return usage(RUSAGE_SELF);
}

ResourceUsage thread_usage() {
  ResourceUsage used = usage(RUSAGE_THREAD);
  used.cpu_time = thread_cpu_time();
  return used;
}

std::chrono::nanoseconds thread_cpu_time() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

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
