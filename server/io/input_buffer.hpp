#pragma once

#include "server/io/frame_pool.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace waitlab::server {

/// Bytes received and not yet used. It has memory only while bytes are in it or are being received, so that a
/// connection that waits holds none; the memory comes from the thread's pool of frames. A peer that sends much at once
/// is given more room, up to `most_at_once`, until `restart`. Not thread-safe.
class InputBuffer {
 public:
  static constexpr std::size_t least_at_once = 512;  ///< most heads are smaller
  static constexpr std::size_t most_at_once = 64 * 1024;

  InputBuffer() = default;
  InputBuffer(InputBuffer&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        begin_(std::exchange(other.begin_, 0)),
        end_(std::exchange(other.end_, 0)),
        at_once_(other.at_once_) {}
  InputBuffer& operator=(InputBuffer&&) = delete;
  ~InputBuffer() { free(); }

  std::string_view unread() const noexcept { return {memory_ + begin_, end_ - begin_}; }
  bool empty() const noexcept { return begin_ == end_; }

  void consume(std::size_t count) noexcept {
    begin_ += count;
    release_if_empty();
  }

  void clear() noexcept { consume(end_ - begin_); }

  /// Where to receive to; never empty. Invalidates `unread()`.
  std::span<char> room() {
    if (end_ == size_) make_room();
    return {memory_ + end_, size_ - end_};
  }

  void received(std::size_t count) noexcept {
    end_ += count;
    if (count > 0 && end_ == size_) at_once_ = std::min(2 * at_once_, most_at_once);
    release_if_empty();
  }

  /// Puts bytes behind the unread ones.
  void append(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::span<char> free = room();
      const std::size_t count = bytes.copy(free.data(), free.size());
      received(count);
      bytes.remove_prefix(count);
    }
  }

  /// Drops empty lines between two requests (RFC 9112 section 2.2).
  void skip_blank_lines() noexcept {
    while (unread().starts_with("\r\n"))
      consume(2);
  }

  /// Gives back memory that nothing is in.
  void release_if_empty() noexcept {
    if (empty()) free();
  }

  /// What comes next is taken to be as small as most.
  void restart() noexcept { at_once_ = least_at_once; }

 private:
  /// Only called when all memory behind the unread bytes is used.
  void make_room() {
    const std::string_view kept = unread();
    const std::size_t size = kept.size() + at_once_;
    char* const memory = static_cast<char*>(FramePool::allocate(size));
    std::copy(kept.begin(), kept.end(), memory);
    const std::size_t count = kept.size();
    free();
    memory_ = memory;
    size_ = size;
    end_ = count;
  }

  void free() noexcept {
    if (memory_ != nullptr) FramePool::release(memory_, size_);
    memory_ = nullptr;
    size_ = begin_ = end_ = 0;
  }

  char* memory_ = nullptr;
  std::size_t size_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t at_once_ = least_at_once;
};

}  // namespace waitlab::server
