#pragma once

#include "server/runtime/loop_lag.hpp"
#include "server/runtime/loop_server.hpp"
#include "server/site/application.hpp"
#include "server/strategies/strategy.hpp"

#include <chrono>
#include <utility>

namespace waitlab::server {

/// event-loop: one thread runs everything and never blocks; a request that waits is a suspended coroutine.
class EventLoop final : public Strategy {
 public:
  explicit EventLoop(const ApplicationParts& parts);

  void accept_from(Listener& listener) override { server_.accept_from(listener); }
  void adopt(IdleConnection connection) override { server_.adopt(std::move(connection)); }
  void retire(Strategy* successor) override { server_.retire(adopted_by(successor)); }
  bool wait_drained(std::chrono::steady_clock::time_point deadline) override { return server_.wait_drained(deadline); }

 private:
  Loop loop_;
  Application application_;
  LoopLagProbe lag_probe_;
  LoopHousekeeping housekeeping_;
  LoopServer server_;
};

}  // namespace waitlab::server
