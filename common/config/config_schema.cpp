#include "common/config/config_loader.hpp"
#include "common/config/config_setting.hpp"

namespace waitlab {
namespace {

using nlohmann::ordered_json;

ordered_json object_schema() {
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", ordered_json::object()}};
}

/// The schema of the setting called `key`, with the objects around it, below `object`.
void add_setting(ordered_json& object, const std::string& key, const ConfigSetting& setting) {
  auto& properties = object["properties"];
  const auto dot = key.find('.');
  if (dot == std::string::npos) {
    properties[key] = setting.schema;
    properties[key]["description"] = setting.help;
    return;
  }
  const auto group = key.substr(0, dot);
  if (!properties.contains(group)) properties[group] = object_schema();
  add_setting(properties[group], key.substr(dot + 1), setting);
}

}  // namespace

ordered_json settings_schema(const ConfigSpec& spec) {
  ordered_json schema = object_schema();
  for (const auto& setting : spec.settings())
    add_setting(schema, setting.key, setting);
  return schema;
}

std::string json_schema(const ConfigSpec& spec, const std::string& title) {
  ordered_json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
  schema.update(object_schema());
  schema["properties"]["$schema"] = {{"type", "string"}};
  schema["properties"].update(settings_schema(spec)["properties"]);
  return schema.dump(2) + "\n";
}

}  // namespace waitlab
