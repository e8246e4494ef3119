#pragma once

#include "server/counts/tracer.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <queue>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::server {

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

  /// Of a thread that runs a loop, when that runs next what is due ten times a second; in the past if it is late just
  /// now. time_point::max(): it runs none.
  std::chrono::steady_clock::time_point loop_due() const noexcept { return loop_due_.load(std::memory_order_relaxed); }
  void fall_due(std::chrono::steady_clock::time_point due) noexcept { loop_due_.store(due, std::memory_order_relaxed); }

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

  std::atomic<std::chrono::steady_clock::time_point> loop_due_{std::chrono::steady_clock::time_point::max()};

  bool used_ = false;  ///< guarded by the group's mutex
};

/// The tracks of a strategy's threads, or of the requests of its connections. A track that is given back is used again,
/// the lowest number first, so that there are never more than there were at once. Owns them. Thread-safe; the mutex is
/// a leaf, and taken when a thread or a connection begins or ends, never for a request.
class Tracks {
 public:
  enum class Kind : std::uint8_t { threads, requests };

  /// A track in use, given back when this is destroyed.
  class Held {
   public:
    explicit Held(Tracks& tracks) : tracks_(tracks), track_(tracks.take()) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() { tracks_.give_back(track_); }

    Track& operator*() const noexcept { return track_; }
    Track* operator->() const noexcept { return &track_; }

   private:
    Tracks& tracks_;
    Track& track_;
  };

  /// `strategy` and the tracer must outlive this.
  Tracks(Tracer& tracer, std::string_view strategy, Kind kind) : tracer_(tracer), strategy_(strategy), kind_(kind) {}

  std::string_view strategy() const noexcept { return strategy_; }
  Kind kind() const noexcept { return kind_; }

  /// Calls `look` with each track in use, in the order of their numbers, under the mutex.
  void visit(const std::function<void(const Track&)>& look) const;

 private:
  Track& take();
  void give_back(Track& track);

  Tracer& tracer_;
  const std::string_view strategy_;
  const Kind kind_;

  mutable std::mutex mutex_;  ///< guards all below
  std::deque<Track> tracks_;  ///< by number; a deque, so that they stay where they are
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> free_;
};

}  // namespace waitlab::server
