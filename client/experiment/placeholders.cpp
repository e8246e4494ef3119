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

}  // namespace waitlab::client
