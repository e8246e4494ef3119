#pragma once

#include "server/counts/counts.hpp"
#include "server/counts/tracks.hpp"

#include <mutex>

namespace waitlab::server {

/// The calling thread's place among those that serve, for as long as this lives. A thread has one at most, and makes
/// and destroys it itself.
class ThreadTrack {
 public:
  explicit ThreadTrack(Tracks& threads) : track_(threads) { serve_on_it(); }
  /// The place that another process holds for this one.
  ThreadTrack(Tracks& threads, const Tracks::Lent& lent) : track_(threads, lent) { serve_on_it(); }
  ThreadTrack(const ThreadTrack&) = delete;
  ThreadTrack& operator=(const ThreadTrack&) = delete;
  ~ThreadTrack() {
    current = nullptr;
    ShardedCounts::be_no_worker();
  }

  /// The calling thread's track; null if it does not serve.
  static Track* of_this_thread() noexcept { return current; }

 private:
  void serve_on_it() noexcept {
    current = &*track_;
    ShardedCounts::be_worker(track_->number());
  }

  Tracks::Held track_;

  static inline constinit thread_local Track* current = nullptr;
};

/// The calling thread does this for as long as this lives, and then again what it did before. Says nothing of a thread
/// that has no lane.
class ScopedActivity {
 public:
  explicit ScopedActivity(Activity activity) noexcept : track_(ThreadTrack::of_this_thread()) {
    if (track_ == nullptr) return;
    before_ = track_->activity();
    track_->become(activity);
  }
  ScopedActivity(const ScopedActivity&) = delete;
  ScopedActivity& operator=(const ScopedActivity&) = delete;
  ~ScopedActivity() {
    if (track_ == nullptr) return;
    track_->become(before_);
    if (before_ == Activity::idle) track_->serve(0);
  }

 private:
  Track* track_;
  Activity before_ = Activity::idle;
};

/// Locks the mutex. A calling thread that has a lane and finds the mutex taken is seen to be held by a lock until it
/// has it. Costs no more than a plain lock where the mutex is free.
template <class Mutex>
std::unique_lock<Mutex> lock_visibly(Mutex& mutex) {
  std::unique_lock lock(mutex, std::try_to_lock);
  if (lock.owns_lock()) return lock;
  const ScopedActivity held(Activity::locked);
  lock.lock();
  return lock;
}

}  // namespace waitlab::server
