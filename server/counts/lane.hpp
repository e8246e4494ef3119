#pragma once

#include "server/counts/counts.hpp"
#include "server/counts/tracks.hpp"

namespace waitlab::server {

/// The calling thread's place among those that serve, for as long as this lives. A thread has one at most, and makes
/// and destroys it itself.
class Lane {
 public:
  explicit Lane(Tracks& threads) : track_(threads) {
    current = &*track_;
    ShardedCounts::be_worker(track_->number());
  }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  ~Lane() {
    current = nullptr;
    ShardedCounts::be_no_worker();
  }

  /// The calling thread's track; null if it does not serve.
  static Track* of_this_thread() noexcept { return current; }

 private:
  Tracks::Held track_;

  static inline constinit thread_local Track* current = nullptr;
};

/// The calling thread does this for as long as this lives, and then again what it did before. Says nothing of a thread
/// that has no lane.
class Doing {
 public:
  explicit Doing(Activity activity) noexcept : track_(Lane::of_this_thread()) {
    if (track_ == nullptr) return;
    before_ = track_->activity();
    track_->become(activity);
  }
  Doing(const Doing&) = delete;
  Doing& operator=(const Doing&) = delete;
  ~Doing() {
    if (track_ == nullptr) return;
    track_->become(before_);
    if (before_ == Activity::idle) track_->serve(0);
  }

 private:
  Track* track_;
  Activity before_ = Activity::idle;
};

}  // namespace waitlab::server
