#pragma once

#include "server/runtime/loop_strategy.hpp"

#include <cstdint>

namespace waitlab::server {

/// fiber: a fiber for each connection, on a stack of its own, by several loops. Its code blocks as a thread's does, but
/// what blocks is the fiber: the loop's thread goes on with others. A fiber stays on its loop.
class Fiber final : public LoopStrategy {
 public:
  /// Smaller ones could overflow.
  static constexpr std::uint64_t least_stack = 32 * 1024;

  /// What the kernel has to map for each: the stack, and the page below that an overflow hits.
  static constexpr std::uint32_t mappings_each = 2;

  struct Settings {
    std::uint32_t loops = 1;
    std::uint64_t stack = 64 * 1024;  ///< bytes of address space for each
  };

  /// Throws std::system_error if the kernel grants no thread or no means to wait.
  Fiber(const Settings& settings, const ApplicationParts& parts);
};

}  // namespace waitlab::server
