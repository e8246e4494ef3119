#include "common/process/process_stats.hpp"

#include <fmt/format.h>

#include <sys/resource.h>
#include <sys/time.h>
#include <ctime>
#include <fstream>
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
  return {.cpu_time = to_duration(used.ru_utime) + to_duration(used.ru_stime),
          .voluntary_switches = static_cast<std::uint64_t>(used.ru_nvcsw),
          .involuntary_switches = static_cast<std::uint64_t>(used.ru_nivcsw)};
}

}  // namespace

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

ResourceUsage process_usage() {
  return usage(RUSAGE_SELF);
}

ResourceUsage thread_usage() {
  return usage(RUSAGE_THREAD);
}

}  // namespace waitlab
