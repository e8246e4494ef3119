#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define WAITLAB_ADDRESS_SANITIZER
#elif defined(__SANITIZE_THREAD__)
#define WAITLAB_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WAITLAB_ADDRESS_SANITIZER
#elif __has_feature(thread_sanitizer)
#define WAITLAB_THREAD_SANITIZER
#endif
#endif

#ifdef WAITLAB_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef WAITLAB_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
#endif

namespace waitlab::server {

/// Tells a sanitizer of every switch between a loop's stack and a fiber's, which it could not follow by itself; without
/// one there is nothing to tell, and nothing is done. Belongs to one fiber. Its functions must be a part of whoever
/// switches: a call of their own would begin on one stack and end on the other.
class SwitchNotes {
#if defined(WAITLAB_ADDRESS_SANITIZER)
 public:
  /// A checked frame is several times the size.
  static constexpr std::size_t stack_factor = 8;

  [[gnu::always_inline]] void stack_at(void* top, std::size_t size) noexcept {
    bottom_ = static_cast<char*>(top) - size;
    size_ = size;
  }
  /// Frames that nobody returned from would be taken for those of whatever comes to lie there next.
  [[gnu::always_inline]] void stack_goes() noexcept {
    __asan_unpoison_memory_region(bottom_, size_);
  }
  [[gnu::always_inline]] void before_entering() noexcept {
    __sanitizer_start_switch_fiber(&loop_frames_, bottom_, size_);
  }
  [[gnu::always_inline]] void after_entering() noexcept {
    __sanitizer_finish_switch_fiber(loop_frames_, nullptr, nullptr);
  }
  [[gnu::always_inline]] void arrived() noexcept {
    __sanitizer_finish_switch_fiber(nullptr, &loop_bottom_, &loop_size_);
  }
  [[gnu::always_inline]] void before_leaving() noexcept {
    __sanitizer_start_switch_fiber(&frames_, loop_bottom_, loop_size_);
  }
  [[gnu::always_inline]] void after_leaving() noexcept {
    __sanitizer_finish_switch_fiber(frames_, &loop_bottom_, &loop_size_);
  }
  [[gnu::always_inline]] void before_ending() noexcept {
    __sanitizer_start_switch_fiber(nullptr, loop_bottom_, loop_size_);
  }

 private:
  const void* bottom_ = nullptr;
  std::size_t size_ = 0;
  void* frames_ = nullptr;
  const void* loop_bottom_ = nullptr;
  std::size_t loop_size_ = 0;
  void* loop_frames_ = nullptr;
#elif defined(WAITLAB_THREAD_SANITIZER)
 public:
  static constexpr std::size_t stack_factor = 8;

  SwitchNotes() : fiber_(__tsan_create_fiber(0)) {}
  SwitchNotes(const SwitchNotes&) = delete;
  SwitchNotes& operator=(const SwitchNotes&) = delete;
  ~SwitchNotes() {
    __tsan_destroy_fiber(fiber_);
  }

  [[gnu::always_inline]] void stack_at(void*, std::size_t) noexcept {}
  [[gnu::always_inline]] void stack_goes() noexcept {}
  [[gnu::always_inline]] void before_entering() noexcept {
    loop_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(fiber_, 0);
  }
  [[gnu::always_inline]] void after_entering() noexcept {}
  [[gnu::always_inline]] void arrived() noexcept {}
  [[gnu::always_inline]] void before_leaving() noexcept {
    __tsan_switch_to_fiber(loop_, 0);
  }
  [[gnu::always_inline]] void after_leaving() noexcept {}
  [[gnu::always_inline]] void before_ending() noexcept {
    __tsan_switch_to_fiber(loop_, 0);
  }

 private:
  void* fiber_;
  void* loop_ = nullptr;
#else
 public:
  static constexpr std::size_t stack_factor = 1;

  [[gnu::always_inline]] void stack_at(void*, std::size_t) noexcept {}
  [[gnu::always_inline]] void stack_goes() noexcept {}
  [[gnu::always_inline]] void before_entering() noexcept {}
  [[gnu::always_inline]] void after_entering() noexcept {}
  [[gnu::always_inline]] void arrived() noexcept {}
  [[gnu::always_inline]] void before_leaving() noexcept {}
  [[gnu::always_inline]] void after_leaving() noexcept {}
  [[gnu::always_inline]] void before_ending() noexcept {}
#endif
};

}  // namespace waitlab::server
