#pragma once

#include "common/config/config_spec.hpp"
#include "common/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace waitlab {

/// Where a config's values come from; later members win over earlier ones, and all win over the defaults.
struct ConfigSources {
  std::optional<std::filesystem::path> file;                     ///< JSON with comments
  std::vector<std::pair<std::string, std::string>> environment;  ///< WAITLAB_… names and values
  std::vector<std::string> sets;                                 ///< "key=value" of each --set; the last of a key wins
};

/// One setting as it stands after loading.
struct ConfigValue {
  std::string key;
  std::string value;   ///< as JSON text
  std::string origin;  ///< "default", "server.jsonc:12", "WAITLAB_STRATEGY", "--set"
};

/// The variables of this process's environment whose names start with WAITLAB_.
std::vector<std::pair<std::string, std::string>> waitlab_environment();

/// Sets every bound field from the sources. A file holds nested objects, dotted names or both; its "$schema" is
/// ignored. A variable is named WAITLAB_ and the key in upper case with `__` for a dot and `_` for `-`; those that
/// Kubernetes or Docker set for a service called waitlab are passed over (platform_variables.hpp). An unknown or
/// duplicate key, a wrong type, a bad unit, a value out of range, a missing file or a directory is a one-line Failure
/// that names the file (with its line), the key, what was found, what is allowed and, for a name, the nearest valid
/// one. On failure fields may already have been changed.
Result<std::vector<ConfigValue>> load_config(const ConfigSpec& spec, const ConfigSources& sources);

/// The same, but leaves out what is wrong in the file, where the keys keep the values of the other sources or their
/// defaults, and returns all that was. For who only needs a few of the fields, of a file that may have been changed
/// since it was in order. What is wrong in the environment or a --set is a Failure here as well.
Result<std::vector<Failure>> load_what_is_right(const ConfigSpec& spec, const ConfigSources& sources);

/// What `--print-config` prints: a line for each value with its origin, aligned.
std::string print_config(const std::vector<ConfigValue>& values);

/// A JSON Schema (draft 2020-12) for files that `load_config` accepts, written with nested objects.
std::string json_schema(const ConfigSpec& spec, const std::string& title);

}  // namespace waitlab
