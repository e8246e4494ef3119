#pragma once

#include "server/counts/gauge.hpp"
#include "server/runtime/parked_strategy.hpp"

#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

namespace waitlab::server {

/// thread-per-request: a new thread for each request, ended with it. Beyond `max_threads`, or if the kernel grants no
/// thread, a request is answered 503.
class ThreadPerRequest final : public ParkedStrategy {
 public:
  struct Settings {
    std::uint32_t max_threads = 4096;
  };

  ThreadPerRequest(const Settings& settings, const ApplicationParts& parts);
  ~ThreadPerRequest() override;

 private:
  using Threads = std::list<std::thread>;

  void dispatch(std::unique_ptr<Connection> connection) override;
  TimePoint housekeeping(TimePoint) override {
    join_finished();
    return TimePoint::max();
  }
  bool start_thread(std::unique_ptr<Connection>& connection);
  void run(Threads::iterator self, std::unique_ptr<Connection> connection);
  void join_finished();

  const std::uint32_t max_threads_;
  Gauge& serving_;    ///< threads that still serve their request, those of predecessors included
  std::mutex mutex_;  ///< guards all below
  std::condition_variable none_running_;
  Threads running_;
  Threads finished_;  ///< at their end, to be joined
};

}  // namespace waitlab::server
