#pragma once

#include "server/runtime/loop_strategy.hpp"

#include <cstdint>
#include <string>

namespace waitlab::server {

/// event-loop-per-core: several loops that share nothing, each with a thread and backend connections of its own. A
/// connection stays on the loop that has accepted it, however busy that is and however idle another.
class EventLoopPerCore final : public LoopStrategy {
 public:
  static constexpr std::uint32_t most_loops = 128;
  static constexpr const char* shared = "shared";          ///< all loops accept from one queue: whoever comes first
  static constexpr const char* reuse_port = "reuse-port";  ///< each has a queue, among which the kernel spreads them

  struct Settings {
    std::uint32_t loops = 1;
    bool pin = false;  ///< each loop's thread to a CPU of its own
    std::string accept = shared;
  };

  /// Throws std::runtime_error if there are too few CPUs to pin the loops to, and std::system_error if the kernel
  /// grants no thread.
  EventLoopPerCore(const Settings& settings, const ApplicationParts& parts);

  /// Throws std::runtime_error if each loop is to have a queue, and the listener has been opened with another number.
  void accept_from(Listener& listener) override;

 private:
  const Settings settings_;
};

}  // namespace waitlab::server
