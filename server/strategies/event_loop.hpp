#pragma once

#include "server/runtime/loop_worker.hpp"
#include "server/strategies/strategy.hpp"

#include <chrono>
#include <utility>

namespace waitlab::server {

/// event-loop: one thread runs everything and never blocks; a request that waits is a suspended coroutine.
class EventLoop final : public Strategy {
 public:
  explicit EventLoop(const ApplicationParts& parts) : worker_(parts) {}

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
