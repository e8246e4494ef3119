#include "client/experiment/last_words.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

namespace waitlab::client {
namespace {

constexpr std::streamoff tail_bytes = 8192;
constexpr std::size_t most_characters = 300;
constexpr const char* blanks = " \t\r\n\v\f";

std::string tail_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - tail_bytes));
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of(blanks);
  if (end == std::string::npos) return {};
  const auto newline = text.rfind('\n', end);
  const auto begin = newline == std::string::npos ? 0 : newline + 1;
  return text.substr(begin, end + 1 - begin);
}

/// Each byte that is no UTF-8 becomes U+FFFD.
std::string valid_utf8(const std::string& bytes) {
  using nlohmann::json;
  return json::parse(json(bytes).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

/// Control characters become spaces: ESC and CR would steer the terminal. Those above ASCII are C2 80 to C2 9F.
std::string without_controls(std::string text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7f) text[at] = ' ';
    if (byte == 0xc2 && static_cast<unsigned char>(text[at + 1]) < 0xa0) text.replace(at, 2, " ");
  }
  return text;
}

std::string cut(const std::string& text) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
    if (begins && ++characters > most_characters) return text.substr(0, at) + "…";
  }
  return text;
}

}  // namespace

std::string last_words(const std::string& path) {
  return cut(without_controls(valid_utf8(last_line(tail_of(path)))));
}

}  // namespace waitlab::client
