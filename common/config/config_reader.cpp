#include "common/config/config_reader.hpp"

#include "common/config/config_failure.hpp"
#include "common/config/platform_variables.hpp"
#include "common/text/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace waitlab {
namespace {

using nlohmann::json;

using Names = std::vector<std::string>;

bool is_group(const Names& keys, const std::string& key) {
  return std::ranges::any_of(keys, [&](const auto& other) { return other.starts_with(key + "."); });
}

/// What may follow `prefix`: the names of the next level only, or also the dotted paths below them.
Names names_after(const Names& keys, const std::string& prefix, bool with_paths) {
  Names names;
  const auto add = [&names](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const auto& key : keys) {
    if (!key.starts_with(prefix)) continue;
    const auto rest = key.substr(prefix.size());
    for (auto dot = rest.find('.'); dot != std::string::npos && with_paths; dot = rest.find('.', dot + 1)) {
      add(rest.substr(0, dot));
    }
    add(with_paths ? rest : rest.substr(0, rest.find('.')));
  }
  return names;
}

std::string unknown_key(const Names& keys, const std::string& prefix, const std::string& name) {
  return "unknown key" + suggest(name, names_after(keys, prefix, true), names_after(keys, prefix, false));
}

std::string group_keys(const Names& keys, const std::string& key) {
  return fmt::format("{}", fmt::join(names_after(keys, key + ".", false), ", "));
}

std::string variable_name(const std::string& key) {
  std::string name = "WAITLAB_";
  for (const char c : key) {
    if (c == '.') {
      name += "__";
    } else {
      name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
  }
  return name;
}

}  // namespace

/// An object of a document, and the key that its members' names continue.
struct ConfigReader::Object {
  const JsonDocument& document;
  json::json_pointer at;
  std::string prefix;

  Failure failure(const json::json_pointer& member, const std::string& what) const {
    const auto path = dotted_path(member);
    return config_failure(document.where(member), path.empty() ? what : path + ": " + what);
  }
};

ConfigReader::ConfigReader(const ConfigSpec& spec) : settings_(spec.settings()), blocks_(spec.blocks()) {
  for (const auto& setting : settings_) {
    setting.reset();
    values_.push_back({setting.key, setting.initial, "default"});
  }
  for (const auto& blocks : blocks_)
    blocks.clear();
}

/// The block that a key belongs to, or is, if there is none yet.
Result<void> ConfigReader::make_block_of(const std::string& key) {
  for (const auto& blocks : blocks_) {
    if (!key.starts_with(blocks.prefix)) continue;
    const auto name = key.substr(blocks.prefix.size(), key.find('.', blocks.prefix.size()) - blocks.prefix.size());
    if (is_group(keys(), blocks.prefix + name)) return {};
    if (!is_block_name(name))
      return Failure{
          fmt::format("\"{}\" is no name: use up to 40 of a-z, 0-9, _ and -, a letter or digit first", name)};
    const ConfigSpec block = blocks.add(name);
    for (const auto& setting : block.settings()) {
      settings_.push_back(setting);
      values_.push_back({setting.key, setting.initial, "default"});
    }
  }
  return {};
}

/// The same for a variable: its name has no lower case, so neither has that of a block that only the environment knows.
void ConfigReader::make_block_of_variable(const std::string& name) {
  for (const auto& blocks : blocks_) {
    const auto prefix = variable_name(blocks.prefix);
    const auto end = name.find("__", prefix.size());
    if (!name.starts_with(prefix) || end == std::string::npos) continue;
    auto block = name.substr(prefix.size(), end - prefix.size());
    std::ranges::transform(block, block.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    // What is no name is an unknown variable.
    static_cast<void>(make_block_of(blocks.prefix + block));
  }
}

/// All that there are; NAME stands for the name of a block.
Names ConfigReader::keys() const {
  Names keys;
  for (const auto& setting : settings_)
    keys.push_back(setting.key);
  for (const auto& blocks : blocks_)
    keys.push_back(blocks.prefix + "NAME");
  return keys;
}

const ConfigSetting* ConfigReader::find_setting(const std::string& key) const {
  const auto found = std::ranges::find(settings_, key, &ConfigSetting::key);
  return found == settings_.end() ? nullptr : &*found;
}

const ConfigSetting* ConfigReader::find_by_variable(const std::string& name) const {
  const auto found =
      std::ranges::find(settings_, name, [](const ConfigSetting& setting) { return variable_name(setting.key); });
  return found == settings_.end() ? nullptr : &*found;
}

std::vector<Failure> ConfigReader::read_json(const JsonDocument& document, const json::json_pointer& at,
                                             UnknownKeys unknown) {
  given_at_.clear();
  unknown_ = unknown;
  read_object({document, at, ""});
  return std::exchange(faults_, {});
}

void ConfigReader::read_object(const Object& object) {
  const auto& value = object.document.root.at(object.at);
  if (!value.is_object()) {
    const auto names = names_after(keys(), object.prefix, false);
    faults_.push_back(object.failure(object.at, fmt::format("must be an object with the keys {}; found {}",
                                                            fmt::join(names, ", "), describe(value))));
    return;
  }
  for (const auto& [name, member] : value.items()) {
    if (name == "$schema" && object.at.empty()) continue;
    if (auto read = read_member(object, name, member); !read) faults_.push_back(read.error());
  }
}

Result<void> ConfigReader::read_member(const Object& object, const std::string& name, const json& value) {
  const auto key = object.prefix + name;
  const auto place = object.at / name;
  if (const auto made = make_block_of(key); !made) return object.failure(place, made.error().message);
  const auto* setting = find_setting(key);
  if (setting == nullptr) {
    if (!is_group(keys(), key)) {
      if (object.prefix.empty() && unknown_ == UnknownKeys::left_alone) return {};
      return object.failure(place, unknown_key(keys(), object.prefix, name));
    }
    read_object({object.document, place, key + "."});
    return {};
  }
  const auto origin = object.document.where(place);
  const auto [first, is_new] = given_at_.emplace(key, origin);
  if (!is_new) return object.failure(place, "duplicate key; also given at " + first->second);
  return assign(*setting, value, fmt::format("{}: {}", origin, dotted_path(place)), origin);
}

Result<void> ConfigReader::read_variable(const std::string& name, const std::string& value) {
  const auto where = name + "=" + value;
  if (find_by_variable(name) == nullptr) make_block_of_variable(name);
  if (const auto* setting = find_by_variable(name)) return assign_text(*setting, value, where, name);
  if (is_set_by_platform(name, value)) return {};
  Names names;
  for (const auto& setting : settings_)
    names.push_back(variable_name(setting.key));
  const auto near = nearest_name(name, names);
  return config_failure(where, near ? fmt::format("unknown variable; did you mean {}?", *near)
                                    : "unknown variable; --print-config shows the keys");
}

Result<void> ConfigReader::read_set(const std::string& assignment) {
  const auto where = "--set " + assignment;
  const auto equals = assignment.find('=');
  if (equals == 0 || equals == std::string::npos) {
    return config_failure(where, "must be key=value, such as --set listen.port=8080");
  }
  const auto key = assignment.substr(0, equals);
  if (const auto made = make_block_of(key); !made) return config_failure(where, made.error().message);
  if (const auto* setting = find_setting(key)) {
    return assign_text(*setting, assignment.substr(equals + 1), where, "--set");
  }
  if (is_group(keys(), key)) {
    return config_failure(where, fmt::format("{} is a group; set one of its keys: {}", key, group_keys(keys(), key)));
  }
  return config_failure(where, unknown_key(keys(), "", key));
}

/// Text is itself the value of a setting that is text (or its JSON string), and JSON for the others.
Result<void> ConfigReader::assign_text(const ConfigSetting& setting, const std::string& text, const std::string& where,
                                       const std::string& origin) {
  const bool is_json = !setting.is_text || text.starts_with('"');
  const auto value = is_json ? json::parse(text, nullptr, false) : json(text);
  return assign(setting, value.is_discarded() ? json(text) : value, where, origin);
}

Result<void> ConfigReader::assign(const ConfigSetting& setting, const json& value, const std::string& where,
                                  const std::string& origin) {
  auto result = setting.assign(value);
  if (!result) return config_failure(where, result.error().message);
  auto& current = values_[static_cast<std::size_t>(&setting - settings_.data())];
  current.value = std::move(*result);
  current.origin = origin;
  return {};
}

}  // namespace waitlab
