#pragma once

#include "server/counts/gauge.hpp"
#include "server/runtime/bounded_queue.hpp"
#include "server/runtime/parked_strategy.hpp"
#include "server/runtime/thread_set.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace waitlab::server {

/// fixed-pool: a number of threads behind one bounded first-in, first-out queue. A thread is held for a request, never
/// for an idle connection; a request that finds the queue full, or waits in it for longer than timeouts.request, is
/// answered 503. Where the pool grows, threads beyond the core come when they are wanted, and end when they are idle.
class FixedPool final : public ParkedStrategy {
 public:
  static constexpr const char* none = "none";                ///< all threads are there from the start
  static constexpr const char* queue_first = "queue-first";  ///< a thread is added where the queue is full
  static constexpr const char* grow_first = "grow-first";    ///< where no thread is idle; requests queue once there is
                                                             ///< none to add

  struct Settings {
    std::uint32_t threads = 16;           ///< at most
    std::uint32_t queue_capacity = 1024;  ///< requests that wait for a thread
    std::string growth = none;
    std::uint32_t core_threads = 10;                        ///< of a pool that grows: these are always there
    std::chrono::nanoseconds idle_timeout{60'000'000'000};  ///< after which one of the others ends

    /// Those that are always there.
    std::uint32_t core() const { return growth == none ? threads : core_threads; }
  };

  /// Throws std::system_error if the threads that are always there can't be created.
  FixedPool(const Settings& settings, const ApplicationParts& parts);
  ~FixedPool() override;

 private:
  void dispatch(std::unique_ptr<Connection> connection) override;
  TimePoint housekeeping(TimePoint now) override;
  TimePoint due(const Connection& queued) const { return queued.http.queued_since + request_timeout_; }
  bool add_thread(std::unique_ptr<Connection>& first);
  void work(std::unique_ptr<Connection> first);
  void serve_in_turn(std::unique_ptr<Connection> connection);

  const Settings settings_;
  const std::chrono::nanoseconds request_timeout_;
  BoundedQueue<std::unique_ptr<Connection>> queue_;
  Gauge there_are_;  ///< threads
  ThreadSet threads_;
};

}  // namespace waitlab::server
