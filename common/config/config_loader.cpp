#include "common/config/config_loader.hpp"

#include "common/config/apply_json.hpp"
#include "common/config/config_reader.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace waitlab {
namespace {

/// Returns all that is wrong in it.
std::vector<Failure> read_file(ConfigReader& reader, const std::filesystem::path& file) {
  const auto document = read_jsonc(file);
  if (!document) return {document.error()};
  return reader.read_json(*document, nlohmann::json::json_pointer{});
}

Result<void> read_environment_and_sets(ConfigReader& reader, const ConfigSources& sources) {
  for (const auto& [name, value] : sources.environment) {
    if (auto read = reader.read_variable(name, value); !read) return read;
  }
  for (const auto& assignment : sources.sets) {
    if (auto read = reader.read_set(assignment); !read) return read;
  }
  return {};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> waitlab_environment() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable{*entry};
    const auto equals = variable.find('=');
    if (!variable.starts_with("WAITLAB_") || equals == std::string_view::npos) continue;
    variables.emplace_back(variable.substr(0, equals), variable.substr(equals + 1));
  }
  std::ranges::sort(variables);
  return variables;
}

Result<std::vector<ConfigValue>> load_config(const ConfigSpec& spec, const ConfigSources& sources) {
  ConfigReader reader{spec};
  if (sources.file) {
    if (const auto faults = read_file(reader, *sources.file); !faults.empty()) return faults.front();
  }
  if (auto read = read_environment_and_sets(reader, sources); !read) return read.error();
  return reader.values();
}

Result<std::vector<Failure>> load_what_is_right(const ConfigSpec& spec, const ConfigSources& sources) {
  ConfigReader reader{spec};
  std::vector<Failure> faults;
  if (sources.file) faults = read_file(reader, *sources.file);
  if (auto read = read_environment_and_sets(reader, sources); !read) return read.error();
  return faults;
}

Result<std::vector<ConfigValue>> apply_json(const ConfigSpec& spec, const JsonDocument& document,
                                            const nlohmann::json::json_pointer& at, UnknownKeys unknown) {
  ConfigReader reader{spec};
  if (const auto faults = reader.read_json(document, at, unknown); !faults.empty()) return faults.front();
  return reader.values();
}

nlohmann::ordered_json nested_json(const std::vector<ConfigValue>& values) {
  nlohmann::ordered_json whole = nlohmann::ordered_json::object();
  for (const auto& [key, value, origin] : values) {
    auto pointer = "/" + key;
    std::ranges::replace(pointer, '.', '/');
    whole[nlohmann::ordered_json::json_pointer(pointer)] = nlohmann::ordered_json::parse(value);
  }
  return whole;
}

std::string print_config(const std::vector<ConfigValue>& values) {
  constexpr std::size_t widest_value = 16;  // a longer one pushes its own origin aside, not everybody's
  std::size_t key_width = 0;
  std::size_t value_width = 0;
  for (const auto& [key, value, origin] : values) {
    key_width = std::max(key_width, key.size());
    if (value.size() <= widest_value) value_width = std::max(value_width, value.size());
  }
  std::string text;
  for (const auto& [key, value, origin] : values) {
    text += fmt::format("{:<{}}  {:<{}}  {}\n", key, key_width, value, value_width, origin);
  }
  return text;
}

}  // namespace waitlab
