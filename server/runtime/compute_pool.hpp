#pragma once

#include "server/counts/tracks.hpp"
#include "server/io/io.hpp"
#include "server/runtime/bounded_queue.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace waitlab::server {

/// Threads that do a loop's work for it, behind one bounded first-in, first-out queue, and have the loop go on once it
/// is done. The queue's owner is the loop's thread; work is done on the pool's.
class ComputePool {
 public:
  struct Settings {
    std::uint32_t threads = 4;
    std::uint32_t queue_capacity = 1024;  ///< pieces of work that wait for a thread
  };

  /// The loop and the tracks must outlive it. Throws std::system_error if the threads can't be created.
  ComputePool(const Settings& settings, boost::asio::io_context& loop, Tracks& threads);

  /// Ends the threads. No work may be left: its loop waits for it.
  ~ComputePool();

  ComputePool(const ComputePool&) = delete;
  ComputePool& operator=(const ComputePool&) = delete;

  /// Takes the work, unless the queue is full; returns whether it did. Its coroutine is resumed on the loop, and not
  /// before the loop's thread comes to that.
  bool try_push(Compute& work);

 private:
  void run();

  boost::asio::io_context& loop_;
  Tracks& tracks_;
  BoundedQueue<Compute*> queue_;
  std::vector<std::jthread> threads_;
};

}  // namespace waitlab::server
