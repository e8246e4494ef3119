#include "common/http/target.hpp"

#include <boost/url/parse_query.hpp>

namespace waitlab {

std::string_view target_path(std::string_view target) {
  return target.substr(0, target.find('?'));
}

Result<std::vector<std::pair<std::string, std::string>>> target_parameters(std::string_view target) {
  std::vector<std::pair<std::string, std::string>> parameters;
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return parameters;
  const std::string_view query = target.substr(question + 1);
  const auto parsed = boost::urls::parse_query({query.data(), query.size()});
  if (!parsed) return Failure{"the query is malformed: " + std::string(query)};
  for (const auto& parameter : *parsed) {
    if (parameter.key.empty() && !parameter.has_value) continue;
    parameters.emplace_back(parameter.key.decode(), parameter.value.decode());
  }
  return parameters;
}

}  // namespace waitlab
