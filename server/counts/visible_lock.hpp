#pragma once

#include "server/counts/thread_track.hpp"

#include <mutex>

namespace waitlab::server {

/// Locks the mutex. A calling thread that has a lane and finds the mutex taken is seen to be held by a lock until it
/// has it. Costs no more than a plain lock where the mutex is free.
inline std::unique_lock<std::mutex> lock_visibly(std::mutex& mutex) {
  std::unique_lock lock(mutex, std::try_to_lock);
  if (lock.owns_lock()) return lock;
  const ScopedActivity held(Activity::locked);
  lock.lock();
  return lock;
}

}  // namespace waitlab::server
