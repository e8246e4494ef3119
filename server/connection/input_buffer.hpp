#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace waitlab::server {

/// Bytes received and not yet used. Keeps its memory; grows only when a peer's unit (a chunk line, say) does not fit.
/// Not thread-safe.
class InputBuffer {
 public:
  std::string_view unread() const noexcept { return {bytes_.data() + begin_, end_ - begin_}; }
  bool empty() const noexcept { return begin_ == end_; }

  void consume(std::size_t count) noexcept {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  /// Where to receive to; never empty. Invalidates `unread()`.
  std::span<char> room() {
    if (begin_ > 0 && end_ == bytes_.size()) {
      std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
                bytes_.begin() + static_cast<std::ptrdiff_t>(end_), bytes_.begin());
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == bytes_.size()) bytes_.resize(std::max(initial_bytes, 2 * bytes_.size()));
    return std::span<char>(bytes_).subspan(end_);
  }

  void received(std::size_t count) noexcept { end_ += count; }

  /// Drops empty lines between two requests (RFC 9112 section 2.2).
  void skip_blank_lines() noexcept {
    while (unread().starts_with("\r\n"))
      consume(2);
  }

  /// Gives back the memory if it has grown and nothing is in it.
  void release_if_large() {
    if (empty() && bytes_.size() > initial_bytes) bytes_ = {};
  }

 private:
  static constexpr std::size_t initial_bytes = 4096;

  std::vector<char> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace waitlab::server
