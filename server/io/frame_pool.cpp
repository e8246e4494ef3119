#include "server/io/frame_pool.hpp"

#include <array>
#include <new>
#include <utility>

namespace waitlab::server {

namespace {

constexpr std::size_t size_step = 64;
constexpr std::size_t size_classes = 32;  // frames up to 2 KiB
constexpr std::size_t kept_per_class = 64;

#ifdef WAITLAB_SANITIZED
constexpr bool recycles = false;
#else
constexpr bool recycles = true;
#endif

struct FreeFrame {
  FreeFrame* next;
};

struct FreeList {
  FreeFrame* first = nullptr;
  std::size_t length = 0;
};

struct ThreadFrames {
  std::array<FreeList, size_classes> lists;

  ~ThreadFrames() {
    for (FreeList& list : lists) {
      while (list.first != nullptr)
        ::operator delete(std::exchange(list.first, list.first->next));
    }
  }
};

thread_local ThreadFrames thread_frames;

std::size_t size_class(std::size_t size) {
  return (size - 1) / size_step;
}

}  // namespace

void* FramePool::allocate(std::size_t size) {
  const std::size_t index = size_class(size);
  if (!recycles || index >= size_classes) return ::operator new(size);
  FreeList& list = thread_frames.lists[index];
  if (list.first == nullptr) return ::operator new((index + 1) * size_step);
  --list.length;
  return std::exchange(list.first, list.first->next);
}

void FramePool::release(void* frame, std::size_t size) noexcept {
  const std::size_t index = size_class(size);
  if (!recycles || index >= size_classes) return ::operator delete(frame);
  FreeList& list = thread_frames.lists[index];
  if (list.length == kept_per_class) return ::operator delete(frame);
  list.first = new (frame) FreeFrame{list.first};
  ++list.length;
}

}  // namespace waitlab::server
