#include "common/config/config_loader.hpp"
#include "common/config/config_setting.hpp"

namespace waitlab {
namespace {

using nlohmann::ordered_json;

ordered_json object_schema() {
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", ordered_json::object()}};
}

/// Puts a schema where `key` is, with the objects around it, below `object`.
void add_schema(ordered_json& object, const std::string& key, ordered_json schema) {
  auto& properties = object["properties"];
  const auto dot = key.find('.');
  if (dot == std::string::npos) {
    properties[key] = std::move(schema);
    return;
  }
  const auto group = key.substr(0, dot);
  if (!properties.contains(group)) properties[group] = object_schema();
  add_schema(properties[group], key.substr(dot + 1), std::move(schema));
}

ordered_json schema_of(const ConfigSetting& setting) {
  ordered_json schema = setting.schema;
  schema["description"] = setting.help;
  return schema;
}

ordered_json schema_of(const ConfigBlocks& blocks) {
  return {{"type", "object"},
          {"additionalProperties", false},
          {"patternProperties", {{block_name_pattern, blocks.schema}}}};
}

}  // namespace

ordered_json settings_schema(const ConfigSpec& spec) {
  ordered_json schema = object_schema();
  for (const auto& setting : spec.settings())
    add_schema(schema, setting.key, schema_of(setting));
  for (const auto& blocks : spec.blocks())
    add_schema(schema, blocks.prefix.substr(0, blocks.prefix.size() - 1), schema_of(blocks));
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
