#include "common/json/keys.hpp"

#include "common/config/config_setting.hpp"

#include <algorithm>

namespace waitlab {

std::vector<std::string> KeyNames::and_those(std::span<const std::string_view> others) const {
  std::vector<std::string> all = names_;
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

void KeyNames::add(const ConfigSpec& spec) {
  for (const ConfigSetting& setting : spec.settings()) {
    const std::string first = setting.key.substr(0, setting.key.find('.'));
    if (std::ranges::find(names_, first) == names_.end()) names_.push_back(first);
  }
}

void KeySchema::add(const ConfigSpec& spec) {
  const form::Json settings = settings_schema(spec);
  for (const auto& [key, schema] : settings["properties"].items())
    object_.add(key, schema, "", false);
}

}  // namespace waitlab
