#include "server/http/parameters.hpp"

#include "common/config/units.hpp"
#include "common/http/target.hpp"

#include <algorithm>

namespace waitlab::server {

Result<Parameters> Parameters::parse(std::string_view target, std::initializer_list<std::string_view> known) {
  auto parameters = target_parameters(target);
  if (!parameters) return parameters.error();
  for (const auto& [name, value] : *parameters) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      std::string allowed;
      for (const std::string_view candidate : known)
        allowed.append(allowed.empty() ? "" : ", ").append(candidate);
      return Failure{"unknown parameter '" + name + "'; known here: " + allowed};
    }
  }
  Parameters result;
  result.values_ = std::move(*parameters);
  return result;
}

Result<std::optional<std::chrono::nanoseconds>> Parameters::duration(std::string_view name,
                                                                     std::chrono::nanoseconds max) const {
  const auto found =
      std::find_if(values_.begin(), values_.end(), [&](const auto& value) { return value.first == name; });
  if (found == values_.end()) return std::optional<std::chrono::nanoseconds>();
  const auto parsed = parse_duration(found->second);
  if (!parsed) return Failure{"parameter '" + std::string(name) + "': " + parsed.error().message};
  if (*parsed > max) {
    return Failure{"parameter '" + std::string(name) + "': " + found->second + " is more than " + format_duration(max)};
  }
  return std::optional(*parsed);
}

}  // namespace waitlab::server
