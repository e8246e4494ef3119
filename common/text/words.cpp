#include "common/text/words.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace waitlab {
namespace {

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

/// Levenshtein's distance with a swap of neighbours counted as one (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last, last, row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = std::exchange(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same_letter(a[i - 1], b[j - 1]) ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 100;  // no name is longer; an argument that is must not cost its square
  if (name.size() > longest) return {};
  std::optional<std::string> nearest;
  std::size_t least = std::clamp<std::size_t>(name.size() / 3, 1, 4) + 1;
  for (const auto& candidate : candidates) {
    const auto distance = edit_distance(name, candidate);
    if (distance < least && distance < candidate.size()) {
      least = distance;
      nearest = candidate;
    }
  }
  if (nearest || name.size() < 3) return nearest;
  const auto longer =
      std::ranges::find_if(candidates, [&](const auto& candidate) { return candidate.starts_with(name); });
  return longer == candidates.end() ? nearest : *longer;
}

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
