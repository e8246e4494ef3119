#pragma once

#include "common/config/config_spec.hpp"
#include "common/result.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>

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

/// The schema of an object that holds the keys of a spec, as nested objects.
nlohmann::ordered_json settings_schema(const ConfigSpec& spec);

}  // namespace waitlab
