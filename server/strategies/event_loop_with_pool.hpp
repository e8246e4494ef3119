#pragma once

#include "server/runtime/compute_pool.hpp"
#include "server/runtime/loop_worker.hpp"
#include "server/strategies/strategy.hpp"

#include <chrono>
#include <utility>

namespace waitlab::server {

/// event-loop-with-pool: as event-loop, but what would keep the loop's thread, CPU work and files, is done by a pool of
/// threads. Work that finds the pool's queue full, or waits in it for longer than timeouts.request, is answered 503.
class EventLoopWithPool final : public Strategy {
 public:
  using Settings = ComputePool::Settings;

  /// Throws std::system_error if the threads can't be created.
  EventLoopWithPool(const Settings& settings, const ApplicationParts& parts);

  void accept_from(Listener& listener) override { worker_.server().accept_from(listener); }
  void adopt(IdleConnection connection) override { worker_.server().adopt(std::move(connection)); }
  void retire(Strategy* successor) override { worker_.server().retire(adopted_by(successor)); }
  bool wait_drained(std::chrono::steady_clock::time_point deadline) override {
    return worker_.server().wait_drained(deadline);
  }

 private:
  LoopWorker worker_;
};

}  // namespace waitlab::server
