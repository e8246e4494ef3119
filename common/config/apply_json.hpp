#pragma once

#include "common/config/config_loader.hpp"
#include "common/config/jsonc.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace waitlab {

/// Sets every bound field from the object at `at` in an already parsed document, or to its default; otherwise strict
/// like `load_config`. Errors name the document's lines and the whole path ("demo.jsonc:14: targets.0.load.rate: ...").
Result<std::vector<ConfigValue>> apply_json(const ConfigSpec& spec, const JsonDocument& document,
                                            const nlohmann::json::json_pointer& at = nlohmann::json::json_pointer{},
                                            UnknownKeys unknown = UnknownKeys::refused);

/// Values as a file would have them, in nested objects.
nlohmann::ordered_json nested_json(const std::vector<ConfigValue>& values);

}  // namespace waitlab
