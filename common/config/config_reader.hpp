#pragma once

#include "common/config/config_loader.hpp"
#include "common/config/config_setting.hpp"
#include "common/config/config_spec.hpp"
#include "common/config/jsonc.hpp"

#include <map>
#include <string>
#include <vector>

namespace waitlab {

/// Reads sources one after the other into a spec's fields, a later one over an earlier one, and keeps for each setting
/// its value and origin. Starts from the defaults. Not thread-safe.
class ConfigReader {
 public:
  explicit ConfigReader(const ConfigSpec& spec);

  /// The object at `at` in the document: nested objects, dotted names or both. Reads on past what is wrong, and
  /// returns all of it.
  std::vector<Failure> read_json(const JsonDocument& document, const nlohmann::json::json_pointer& at,
                                 UnknownKeys unknown = UnknownKeys::refused);

  /// A variable named WAITLAB_ and the key in upper case, `__` for a dot, `_` for `-`. One of no key that a platform
  /// has set is passed over.
  Result<void> read_variable(const std::string& name, const std::string& value);

  /// The "key=value" of a --set.
  Result<void> read_set(const std::string& assignment);

  const std::vector<ConfigValue>& values() const { return values_; }

 private:
  struct Object;

  void read_object(const Object& object);
  Result<void> read_member(const Object& object, const std::string& name, const nlohmann::json& value);
  Result<void> make_block_of(const std::string& key);
  void make_block_of_variable(const std::string& name);
  std::vector<std::string> keys() const;
  const ConfigSetting* find_setting(const std::string& key) const;
  const ConfigSetting* find_by_variable(const std::string& name) const;
  Result<void> assign_text(const ConfigSetting& setting, const std::string& text, const std::string& where,
                           const std::string& origin);
  Result<void> assign(const ConfigSetting& setting, const nlohmann::json& value, const std::string& where,
                      const std::string& origin);

  std::vector<ConfigSetting> settings_;  // those of the blocks that have been read come last
  const std::vector<ConfigBlocks>& blocks_;
  std::vector<ConfigValue> values_;              // one for each setting, in the same order
  std::map<std::string, std::string> given_at_;  // key to place, in the document being read
  UnknownKeys unknown_ = UnknownKeys::refused;   // in that document's outermost object
  std::vector<Failure> faults_;                  // of that document
};

}  // namespace waitlab
