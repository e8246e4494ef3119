#pragma once

#include <pthread.h>
#include <utility>

namespace waitlab {

/// A mutex that may lie in memory which processes share. It does not stay locked by a thread or process that has died:
/// whoever locks it next has it, and is told by `take_owner_died`. For std::scoped_lock and std::unique_lock.
class SharedMutex {
 public:
  /// Throws std::system_error if there is none to be had.
  SharedMutex();
  ~SharedMutex();
  SharedMutex(const SharedMutex&) = delete;
  SharedMutex& operator=(const SharedMutex&) = delete;

  void lock();
  bool try_lock();
  void unlock() noexcept;

  /// For whoever has it: whether somebody has died with it since this was last asked, so that what it guards may have
  /// been left half changed.
  bool take_owner_died() noexcept { return std::exchange(owner_died_, false); }

 private:
  bool has_it(int error);

  pthread_mutex_t mutex_;
  bool owner_died_ = false;  ///< guarded by the mutex
};

}  // namespace waitlab
