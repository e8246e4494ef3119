#include "client/report/template.hpp"

#include <stdexcept>

namespace waitlab::client {

std::string fill_template(std::string_view page, const std::map<std::string, std::string, std::less<>>& values) {
  std::string filled;
  while (true) {
    const auto open = page.find("{{");
    const auto close = page.find("}}", open);
    filled += page.substr(0, open);
    if (open == std::string_view::npos || close == std::string_view::npos) return filled;
    const std::string_view name = page.substr(open + 2, close - open - 2);
    const auto value = values.find(name);
    if (value == values.end()) throw std::out_of_range("no value for {{" + std::string(name) + "}} of the template");
    filled += value->second;
    page.remove_prefix(close + 2);
  }
}

}  // namespace waitlab::client
