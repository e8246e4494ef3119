#include "client/experiment/server_settings.hpp"

#include "common/config/config_failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace waitlab::client {
namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

constexpr std::array<std::string_view, 6> keys_of_experiment{
    "listen.", "admin.", "backend.mode=", "backend.address=", "backend.profile.", "telemetry.request_log="};

bool belongs_to_experiment(const std::string& setting) {
  return std::ranges::any_of(keys_of_experiment, [&](std::string_view prefix) { return setting.starts_with(prefix); });
}

/// The value of "key=value" words, or nothing.
std::optional<std::string_view> find_value(const std::vector<std::string>& settings, const std::string& key) {
  for (const std::string& setting : settings) {
    if (setting.starts_with(key + "=")) return std::string_view(setting).substr(key.size() + 1);
  }
  return std::nullopt;
}

/// Collects the leaves of a tree of settings.
class Flattener {
 public:
  explicit Flattener(const JsonDocument& document) : document_(document) {}

  Result<void> add(const Pointer& place, const std::string& key) {
    const json& value = document_.root.at(place);
    if (!value.is_object()) return add_leaf(place, key, value);
    for (const auto& [name, member] : value.items()) {
      if (auto added = add(place / name, key.empty() ? name : key + "." + name); !added) return added;
    }
    return {};
  }

  std::vector<std::string> take() { return std::move(settings_); }

 private:
  Result<void> add_leaf(const Pointer& place, const std::string& key, const json& value) {
    if (key.empty()) return failure(place, "must be an object of settings; found " + describe(value));
    if (find_value(settings_, key)) return failure(place, key + " is given twice");
    settings_.push_back(fmt::format("{}={}", key, value.is_string() ? value.get<std::string>() : value.dump()));
    return {};
  }

  Failure failure(const Pointer& place, const std::string& what) const {
    return config_failure(document_.where(place), dotted_path(place) + ": " + what);
  }

  const JsonDocument& document_;
  std::vector<std::string> settings_;
};

}  // namespace

Result<std::vector<std::string>> flatten_settings(const JsonDocument& document, const Pointer& place) {
  Flattener flattener(document);
  if (auto added = flattener.add(place, ""); !added) return added.error();
  return flattener.take();
}

Result<std::vector<std::string>> read_server_settings(const JsonDocument& document, const Pointer& place) {
  auto settings = flatten_settings(document, place);
  if (!settings) return settings;
  const auto taken = std::ranges::find_if(*settings, belongs_to_experiment);
  if (taken == settings->end()) return settings;
  return config_failure(document.where(place), fmt::format("{}: {} is set by the experiment itself; remove it here",
                                                           dotted_path(place), taken->substr(0, taken->find('='))));
}

std::string strategy_of(const std::vector<std::string>& settings) {
  return std::string(find_value(settings, "strategy").value_or(""));
}

std::optional<unsigned> threads_of(const std::vector<std::string>& settings) {
  const auto strategy = find_value(settings, "strategy");
  if (!strategy) return std::nullopt;
  for (const std::string_view name : {"threads", "max_threads"}) {
    const auto text = find_value(settings, fmt::format("strategies.{}.{}", *strategy, name));
    unsigned threads = 0;
    if (text && std::from_chars(text->data(), text->data() + text->size(), threads).ec == std::errc{}) return threads;
  }
  return std::nullopt;
}

}  // namespace waitlab::client
