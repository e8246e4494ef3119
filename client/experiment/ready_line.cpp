#include "client/experiment/ready_line.hpp"

#include <algorithm>

namespace waitlab::client {

std::optional<std::string> address_in(std::string_view line, std::string_view prefix) {
  if (!line.starts_with(prefix) || line.size() <= prefix.size() || line[prefix.size()] != ' ') return std::nullopt;
  line.remove_prefix(prefix.size() + 1);
  const std::string_view address = line.substr(0, line.find(' '));
  const auto colon = address.rfind(':');
  if (colon == 0 || colon == std::string_view::npos || colon + 1 == address.size()) return std::nullopt;
  const std::string_view port = address.substr(colon + 1);
  if (!std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  return std::string(address);
}

}  // namespace waitlab::client
