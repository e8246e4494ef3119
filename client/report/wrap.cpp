#include "client/report/wrap.hpp"

#include <algorithm>

namespace waitlab::client {
namespace {

/// Characters, not bytes: UTF-8's continuation bytes don't count.
std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string wrap(std::string_view text, std::size_t width) {
  std::string lines;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const bool fits = used + 1 + length(word) <= width;
    if (used > 0) lines += fits ? ' ' : '\n';
    used = (used > 0 && fits ? used + 1 : 0) + length(word);
    lines += word;
  }
  return lines + "\n";
}

}  // namespace waitlab::client
