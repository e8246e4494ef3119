#pragma once

#include "common/config/config_spec.hpp"
#include "common/result.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace waitlab {

/// One key of a ConfigSpec: what its value may be, and how to put a value into the field that it is bound to.
struct ConfigSetting {
  std::string key;
  std::string help;
  bool is_text = false;           ///< its values are JSON strings
  nlohmann::ordered_json schema;  ///< type, limits and default, without the description
  std::string initial;            ///< the default as JSON text

  /// Puts the default back.
  std::function<void()> reset;

  /// Sets the field and answers the value as JSON text, or says what is allowed and what was found, without the key.
  std::function<Result<std::string>(const nlohmann::json&)> assign;
};

/// JSON as the one line that it is printed as.
std::string json_text(const nlohmann::json& value);

/// A setting whose values `store` keeps. `read` turns JSON into a Result<Value>, `write` turns a value into JSON.
template <class Value, class Store, class Read, class Write>
ConfigSetting make_setting(std::string key, std::string help, nlohmann::ordered_json schema, Value initial, Store store,
                           Read read, Write write) {
  const nlohmann::json initial_json = write(initial);
  ConfigSetting setting;
  setting.key = std::move(key);
  setting.help = std::move(help);
  setting.is_text = schema["type"] == "string";
  setting.schema = std::move(schema);
  setting.schema["default"] = initial_json;
  setting.initial = json_text(initial_json);
  setting.reset = [store, initial] { store(initial); };
  setting.assign = [store, read, write](const nlohmann::json& json_value) -> Result<std::string> {
    const Result<Value> value = read(json_value);
    if (!value) return value.error();
    store(*value);
    return json_text(write(*value));
  };
  return setting;
}

/// Blocks of keys of a ConfigSpec, each under a name.
struct ConfigBlocks {
  std::string prefix;                                      ///< what comes before a name: "profiles."
  nlohmann::ordered_json schema;                           ///< of one block
  std::function<void()> clear;                             ///< leaves none
  std::function<ConfigSpec(const std::string& name)> add;  ///< makes one, and binds its keys
};

/// What a block may be called, as a regular expression for schemas and as a function.
inline constexpr std::string_view block_name_pattern = "^[a-z0-9][a-z0-9_-]{0,39}$";
bool is_block_name(std::string_view name);

/// The schema of an object that holds the keys of a spec, as nested objects.
nlohmann::ordered_json settings_schema(const ConfigSpec& spec);

}  // namespace waitlab
