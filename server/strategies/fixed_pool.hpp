#pragma once

#include "server/runtime/bounded_queue.hpp"
#include "server/runtime/parked_strategy.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace waitlab::server {

/// fixed-pool: a fixed number of threads behind one bounded first-in, first-out queue. A thread is held for a request,
/// never for an idle connection; a request that finds the queue full, or waits in it for longer than timeouts.request,
/// is answered 503.
class FixedPool final : public ParkedStrategy {
 public:
  struct Settings {
    std::uint32_t threads = 16;
    std::uint32_t queue_capacity = 1024;  ///< requests that wait for a thread
  };

  /// Throws std::system_error if the threads can't be created.
  FixedPool(const Settings& settings, const ApplicationParts& parts);
  ~FixedPool() override;

 private:
  void dispatch(std::unique_ptr<Connection> connection) override;
  TimePoint housekeeping(TimePoint now) override;
  TimePoint due(const Connection& queued) const { return queued.http.queued_since + request_timeout_; }
  void work();

  const std::chrono::nanoseconds request_timeout_;
  BoundedQueue<std::unique_ptr<Connection>> queue_;
  std::vector<std::jthread> workers_;
};

}  // namespace waitlab::server
