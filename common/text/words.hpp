#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab {

/// The text without the spaces and tabs around it.
constexpr std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The text as one word of a shell's command line that stands for exactly it: in single quotes, unless it needs none.
std::string shell_word(const std::string& text);

/// The candidate that `name` is most likely a misspelling of, or nothing if none is near. Near means at most a third of
/// its letters, and no more than four, changed, added, left out or swapped, case aside; failing that, a candidate that
/// `name` begins. Of equals the first wins.
std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace waitlab
