#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waitlab::client::fleet {

/// A text as it goes over a connection: its length in four bytes, the highest first, then itself. The text must be
/// shorter than 4 GiB.
std::string to_frame(std::string_view text);

/// Takes the texts out of a stream of frames, whatever the pieces it comes in. Holds no more than one frame and one
/// piece. Not thread-safe.
class FrameReader {
 public:
  /// `longest`: of a text, in bytes. It may be changed between texts.
  explicit FrameReader(std::size_t longest) : longest_(longest) {}

  void allow(std::size_t longest) noexcept { longest_ = longest; }

  void put(std::string_view piece);
  /// The next text that is whole. Nothing if there is none yet, or never will be, as the frame is `too_long`.
  std::optional<std::string> next();
  /// Whether a frame began that says to be longer than is allowed, or to hold nothing. No text comes any more.
  bool too_long() const noexcept { return too_long_; }
  /// How many bytes it holds.
  std::size_t held() const noexcept { return bytes_.size(); }

 private:
  std::size_t longest_;
  std::string bytes_;
  std::size_t taken_ = 0;  ///< of the bytes
  bool too_long_ = false;
};

}  // namespace waitlab::client::fleet
