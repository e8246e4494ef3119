#include "common/http/target.hpp"

#include <boost/url/pct_string_view.hpp>

#include <algorithm>
#include <optional>

namespace waitlab {
namespace {

std::optional<std::string> decode(std::string_view text) {
  const auto encoded = boost::urls::make_pct_string_view({text.data(), text.size()});
  if (!encoded) return std::nullopt;
  return encoded->decode();
}

}  // namespace

std::string_view target_path(std::string_view target) {
  return target.substr(0, target.find('?'));
}

// The query is split by hand: Boost.URL 1.81 reads past the end of a query that is a part of a longer text.
Result<std::vector<std::pair<std::string, std::string>>> target_parameters(std::string_view target) {
  std::vector<std::pair<std::string, std::string>> parameters;
  const std::size_t question = target.find('?');
  std::string_view rest = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals));
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) return Failure{"the query is malformed: " + std::string(pair)};
    parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return parameters;
}

}  // namespace waitlab
