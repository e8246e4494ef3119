#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace waitlab {

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
