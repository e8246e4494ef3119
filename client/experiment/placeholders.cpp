#include "client/experiment/placeholders.hpp"

namespace waitlab::client {

std::string fill_placeholders(const std::string& text, const Placeholders& placeholders) {
  std::string filled;
  for (std::size_t at = 0; at < text.size();) {
    const auto close = text[at] == '{' ? text.find('}', at) : std::string::npos;
    const auto known =
        close == std::string::npos ? placeholders.end() : placeholders.find(text.substr(at + 1, close - at - 1));
    if (known == placeholders.end()) {
      filled += text[at++];
    } else {
      filled += known->second;
      at = close + 1;
    }
  }
  return filled;
}

std::vector<std::string> other_names_in_braces(const std::string& text, const Placeholders& placeholders) {
  std::vector<std::string> names;
  for (auto close = text.find('}'); close != std::string::npos; close = text.find('}', close + 1)) {
    const auto open = text.rfind('{', close);
    if (open == std::string::npos) continue;
    const std::string name = text.substr(open + 1, close - open - 1);
    if (name.find('}') == std::string::npos && !placeholders.contains(name)) names.push_back(name);
  }
  return names;
}

}  // namespace waitlab::client
