#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace waitlab::client {

/// What became of two threads that took the same two locks again and again.
struct Crossings {
  std::uint64_t rounds = 0;     ///< in which the second thread took both, or tried to
  std::uint64_t deadlocks = 0;  ///< rounds in which each held its first lock and waited for the other's
};

/// How two threads take two locks.
struct Crossing {
  bool ordered = false;              ///< both take the same one first; else each begins with another
  std::vector<int> cpus;             ///< that both may use
  std::uint64_t rounds = 1'000'000;  ///< at most
  std::uint64_t deadlocks = 500;     ///< after so many it is over
  std::chrono::nanoseconds time = std::chrono::seconds(8);  ///< at most, as some machines pass a lock on slowly
};

/// Has two real threads take two mutexes, without anything between the locks, until there are enough rounds or
/// deadlocks, the time is over, or `stop` was asked. In a deadlock both threads are blocked; the second one notices
/// after a millisecond, gives its first lock back, and that round is over. What counts as a deadlock was one: each
/// thread held the lock that the other waited for. Throws std::system_error if the kernel grants no thread.
Crossings cross_locks(const Crossing& crossing, const std::stop_token& stop);

/// Has a pool of so many workers do two tasks, each of which gives the pool a task and waits for it; so many times.
/// Returns how often every worker waited for a task that no worker was left for; the calling thread did those tasks
/// then. Throws std::system_error if the kernel grants no thread.
std::size_t wait_on_own_pool(unsigned workers, unsigned times, const std::stop_token& stop);

}  // namespace waitlab::client
