#pragma once

#include <cstddef>

namespace waitlab::server {

/// Memory of coroutine frames, kept per thread and used again, so that a request served on a warm thread allocates no
/// frame. Every request makes the same few frames in the same sizes. Thread-safe in that each thread has its own pool;
/// a frame released on another thread than it was made on joins that thread's pool. Passes straight through to the heap
/// in sanitizer builds, so that a dead frame is seen as dead.
class FramePool {
 public:
  static void* allocate(std::size_t size);
  static void release(void* frame, std::size_t size) noexcept;
};

}  // namespace waitlab::server
