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

 private:
  static constexpr std::size_t initial_bytes = 4096;

  std::vector<char> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace waitlab::server
