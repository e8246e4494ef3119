#include "client/record/settings.hpp"

#include <charconv>
#include <system_error>

namespace waitlab::client {

std::optional<std::string_view> setting_of(const std::vector<std::string>& words, std::string_view key) {
  for (const std::string_view word : words) {
    if (word.starts_with(key) && word.substr(key.size()).starts_with('=')) return word.substr(key.size() + 1);
  }
  return std::nullopt;
}

std::optional<unsigned> whole_number(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace waitlab::client
