#include "common/text/shell_word.hpp"

#include <string_view>

namespace waitlab {

std::string shell_word(const std::string& text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%^";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string word(1, '\'');
  for (const char c : text)
    word.append(c == '\'' ? std::string("'\\''") : std::string(1, c));
  word.push_back('\'');
  return word;
}

}  // namespace waitlab
