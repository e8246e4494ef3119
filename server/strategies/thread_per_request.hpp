#pragma once

#include "server/counts/gauge.hpp"
#include "server/runtime/parked_strategy.hpp"
#include "server/runtime/thread_set.hpp"

#include <cstdint>
#include <memory>

namespace waitlab::server {

/// thread-per-request: a new thread for each request, ended with it. Beyond `max_threads`, or if the kernel grants no
/// thread, a request is answered 503.
class ThreadPerRequest final : public ParkedStrategy {
 public:
  struct Settings {
    std::uint32_t max_threads = 4096;
  };

  ThreadPerRequest(const Settings& settings, const ApplicationParts& parts);

 private:
  void dispatch(std::unique_ptr<Connection> connection) override;
  TimePoint housekeeping(TimePoint) override {
    threads_.join_ended();
    return TimePoint::max();
  }
  void run(std::unique_ptr<Connection> connection);

  const std::uint32_t max_threads_;
  Gauge& serving_;  ///< threads that still serve their request, those of predecessors included
  ThreadSet threads_;
};

}  // namespace waitlab::server
