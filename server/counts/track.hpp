#pragma once

#include "server/counts/activity.hpp"
#include "server/counts/tracer.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace waitlab::server {

class Tracks;

/// What one thread, or one connection's request, does now. One thread at a time changes it; any may look. A change
/// costs a relaxed store and, while nothing is recorded, a relaxed load.
/// It has cache lines of its own, so that neighbours do not slow each other down.
class alignas(64) Track {
 public:
  Track(const Tracks& group, Tracer& tracer, std::uint32_t number) noexcept
      : group_(group), tracer_(tracer), number_(number) {}

  const Tracks& group() const noexcept { return group_; }
  std::uint32_t number() const noexcept { return number_; }  ///< in its group, from 0
  Activity activity() const noexcept { return activity_.load(std::memory_order_acquire); }

  /// The number of the request that this is or that the thread last worked on; 0: none.
  std::uint64_t request() const noexcept { return request_.load(std::memory_order_relaxed); }

  void become(Activity next) noexcept {
    if (tracer_.recording()) {
      tracer_.note_change(*this, next);
    } else {
      activity_.store(next, std::memory_order_relaxed);
    }
  }

  void serve(std::uint64_t request) noexcept { request_.store(request, std::memory_order_relaxed); }

 private:
  friend class Tracer;
  friend class Tracks;

  const Tracks& group_;
  Tracer& tracer_;
  const std::uint32_t number_;
  std::atomic<Activity> activity_{Activity::idle};
  std::atomic<std::uint64_t> request_{0};

  /// Since when, if the activity began while a trace was recorded; else earlier. Written before activity_.
  std::atomic<std::chrono::steady_clock::time_point> since_{};

  bool used_ = false;  ///< guarded by the group's mutex
};

}  // namespace waitlab::server
