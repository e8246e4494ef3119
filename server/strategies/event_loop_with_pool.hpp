#pragma once

#include "server/runtime/compute_pool.hpp"
#include "server/runtime/loop_strategy.hpp"

namespace waitlab::server {

/// event-loop-with-pool: as event-loop, but what would keep the loop's thread, CPU work and files, is done by a pool of
/// threads. Work that finds the pool's queue full, or waits in it for longer than timeouts.request, is answered 503.
class EventLoopWithPool final : public LoopStrategy {
 public:
  using Settings = ComputePool::Settings;

  /// Throws std::system_error if the threads can't be created.
  EventLoopWithPool(const Settings& settings, const ApplicationParts& parts);
};

}  // namespace waitlab::server
