#include "client/fleet/frame.hpp"

#include <utility>

namespace waitlab::client::fleet {
namespace {

constexpr std::size_t length_bytes = 4;

std::size_t read_length(std::string_view bytes) {
  std::size_t length = 0;
  for (const char byte : bytes.substr(0, length_bytes))
    length = length << 8U | static_cast<unsigned char>(byte);
  return length;
}

}  // namespace

std::string to_frame(std::string_view text) {
  std::string frame;
  frame.reserve(length_bytes + text.size());
  for (std::size_t i = length_bytes; i-- > 0;)
    frame += static_cast<char>(text.size() >> (8 * i) & 0xFFU);
  return frame.append(text);
}

void FrameReader::put(std::string_view piece) {
  bytes_.erase(0, std::exchange(taken_, 0));
  bytes_.append(piece);
}

std::optional<std::string> FrameReader::next() {
  const std::string_view rest = std::string_view(bytes_).substr(taken_);
  if (too_long_ || rest.size() < length_bytes) return std::nullopt;
  const std::size_t length = read_length(rest);
  too_long_ = length == 0 || length > longest_;
  if (too_long_ || rest.size() < length_bytes + length) return std::nullopt;
  std::string text(rest.substr(length_bytes, length));
  taken_ += length_bytes + length;
  return text;
}

}  // namespace waitlab::client::fleet
