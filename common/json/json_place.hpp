#pragma once

#include "common/config/config_spec.hpp"
#include "common/config/jsonc.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace waitlab {

/// A place in a JSON document that is being read. What is asked of it and is not there, or is of another type, becomes
/// the reading's failure (the first one stays) and a default value is answered, so that a reader can be written
/// straight down and ask for the failure at the end. A member asked for must be there. Not thread-safe.
class JsonPlace {
 public:
  /// The root; the document and the failure must outlive all places.
  JsonPlace(const JsonDocument& document, std::optional<Failure>& failure);

  JsonPlace operator[](const std::string& member) const;
  bool is_null() const;
  bool is_object() const;
  bool is_list() const;
  bool has(const std::string& member) const;

  std::uint64_t count() const;   ///< a whole number, not below 0
  unsigned small_count() const;  ///< one up to a million
  double number() const;
  std::chrono::nanoseconds time(std::chrono::nanoseconds unit) const;  ///< a number of these units, 0 to 31 years
  bool flag() const;
  std::string text() const;
  std::string word() const;  ///< a text as it is, anything else as JSON
  /// The same of what the system takes as a path, an argument or a variable, where a NUL character would end it: one in
  /// it, or in the names that lead to it, is refused.
  std::string system_word() const;
  std::vector<JsonPlace> items() const;                            ///< of a list
  std::vector<std::pair<std::string, JsonPlace>> members() const;  ///< of an object

  /// Refuses members of an object by any other name, and says which is meant.
  void allow_only(const std::vector<std::string>& names) const;

  /// Sets the fields that the spec binds from the object here, as `apply_json`.
  void apply(const ConfigSpec& spec, UnknownKeys unknown = UnknownKeys::refused) const;

  /// Says what is wrong here, in words that go on after the name of the place.
  void refuse(const std::string& what) const;

 private:
  JsonPlace(const JsonPlace& around, nlohmann::json::json_pointer pointer, const nlohmann::json* value);

  /// Whether the value is there and `right`; refuses it otherwise.
  bool expect(bool right, const char* wanted) const;

  const JsonDocument* document_;
  std::optional<Failure>* failure_;
  nlohmann::json::json_pointer pointer_;
  const nlohmann::json* value_;  ///< none: missing, which has been said
};

}  // namespace waitlab
