#pragma once

#include "common/result.hpp"

#include <sys/resource.h>
#include <sys/types.h>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace waitlab {

/// What the kernel says of a process from outside, without its help.
struct ProcessSample {
  std::uint32_t threads = 0;
  std::uint64_t rss_bytes = 0;
  std::uint64_t virtual_bytes = 0;       ///< address space, touched or not
  std::chrono::nanoseconds cpu_time{0};  ///< user + system, ended threads included (the process's CPU clock)
};

Result<ProcessSample> sample_process(pid_t pid);

/// What it has resident, of which a page that several processes share counts for each by its part (PSS); nothing where
/// the kernel does not tell. To be asked costs some tens of microseconds.
std::optional<std::uint64_t> proportional_memory(pid_t pid);

/// What a process or a thread has used so far, as getrusage tells it.
struct ResourceUsage {
  std::chrono::nanoseconds cpu_time{0};
  std::uint64_t voluntary_switches = 0;
  std::uint64_t involuntary_switches = 0;

  ResourceUsage& operator+=(const ResourceUsage& other) noexcept {
    cpu_time += other.cpu_time;
    voluntary_switches += other.voluntary_switches;
    involuntary_switches += other.involuntary_switches;
    return *this;
  }

  /// What came since `earlier`.
  ResourceUsage operator-(const ResourceUsage& earlier) const noexcept {
    return {.cpu_time = cpu_time - earlier.cpu_time,
            .voluntary_switches = voluntary_switches - earlier.voluntary_switches,
            .involuntary_switches = involuntary_switches - earlier.involuntary_switches};
  }
};

/// As the kernel tells it of a process that has ended.
ResourceUsage usage_of(const rusage& used);

/// This process, ended threads included.
ResourceUsage process_usage();

/// The calling thread. Its CPU time is by the thread's own clock, as getrusage tells that of a running thread only from
/// tick to tick.
ResourceUsage thread_usage();

/// The same of the CPU time alone.
std::chrono::nanoseconds thread_cpu_time() noexcept;

/// The descriptors of this process.
struct DescriptorUse {
  std::optional<std::size_t> open{};  ///< nothing where none is left to count them with
  std::size_t most = 0;               ///< that may be open: the soft RLIMIT_NOFILE
};

/// Reads /proc/self/fd: it costs the more the more are open. Thread-safe.
DescriptorUse descriptor_use();

/// When this process started, to a hundredth of a second, and the same whenever it is asked; nothing where /proc does
/// not say. Thread-safe.
std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> process_start();

}  // namespace waitlab
