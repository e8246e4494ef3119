#pragma once

#include "server/runtime/loop_strategy.hpp"

namespace waitlab::server {

/// event-loop: one thread runs everything and never blocks; a request that waits is a suspended coroutine.
class EventLoop final : public LoopStrategy {
 public:
  explicit EventLoop(const ApplicationParts& parts) : LoopStrategy(parts, 1) {}
};

}  // namespace waitlab::server
