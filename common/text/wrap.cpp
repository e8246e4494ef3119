#include "common/text/wrap.hpp"

#include <algorithm>

namespace waitlab {

std::size_t columns_of(std::string_view text) {
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
  std::string lines;
  std::size_t used = indent;
  bool line_begins = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (!line_begins && used + 1 + columns_of(word) > width) {
      lines.append("\n").append(indent, ' ');
      used = indent;
      line_begins = true;
    }
    if (!line_begins) {
      lines += ' ';
      ++used;
    }
    lines += word;
    used += columns_of(word);
    line_begins = false;
  }
  return lines + "\n";
}

}  // namespace waitlab
