#include "common/config/config_list.hpp"

#include "common/config/apply_json.hpp"

#include <fmt/format.h>

namespace waitlab {

using nlohmann::json;

Result<void> read_item(const ConfigSpec& item, const json& value, std::size_t number) {
  const std::string name = fmt::format("item {}", number);
  const auto values = apply_json(item, {name, value, {}});
  if (!values) return values.error();
  for (const ConfigSetting& setting : item.settings())
    if (!value.contains(setting.key)) return Failure{fmt::format("{}: {} is missing", name, setting.key)};
  return {};
}

json item_json(const ConfigSpec& item) {
  json value = json::object();
  for (const ConfigSetting& setting : item.settings())
    value[setting.key] = json::parse(setting.initial);
  return value;
}

nlohmann::ordered_json item_schema(const ConfigSpec& item) {
  nlohmann::ordered_json schema = settings_schema(item);
  for (auto& [key, member] : schema["properties"].items()) {
    member.erase("default");
    schema["required"].push_back(key);
  }
  return schema;
}

}  // namespace waitlab
