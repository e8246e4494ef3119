#pragma once

#include "server/runtime/loop_worker.hpp"
#include "server/strategies/strategy.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace waitlab::server {

/// What strategies share whose workers are loops: each has a thread and its own connections, which stay with it. All
/// accept from one queue, whoever comes first; connections that are taken over go to each in turn. A deriving strategy
/// says how many there are, and what they wait through.
class LoopStrategy : public Strategy {
 public:
  void accept_from(Listener& listener) override;
  void adopt(IdleConnection connection) override;
  void retire(Strategy* successor) override;
  bool wait_drained(std::chrono::steady_clock::time_point deadline) override;

 protected:
  /// Throws std::system_error if the kernel grants no thread or no means to wait.
  LoopStrategy(const ApplicationParts& parts, std::uint32_t loops,
               const LoopWorker::MakeIo& make_io = LoopWorker::plain_io);

  const std::vector<std::unique_ptr<LoopWorker>>& workers() const noexcept { return workers_; }

 private:
  std::vector<std::unique_ptr<LoopWorker>> workers_;
  std::atomic<std::size_t> adopted_{0};
};

}  // namespace waitlab::server
