#include "client/experiment/server_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace waitlab::client {
namespace {

constexpr std::array<std::string_view, 6> keys_of_experiment{
    "listen.", "admin.", "backend.mode", "backend.address", "backend.profile.", "telemetry.request_log"};

/// The value of "key=value" words, or nothing.
std::optional<std::string_view> find_value(const std::vector<std::string>& settings, const std::string& key) {
  for (const std::string& setting : settings) {
    if (setting.starts_with(key + "=")) return std::string_view(setting).substr(key.size() + 1);
  }
  return std::nullopt;
}

/// Calls `take(place, key)` for every leaf of a tree of settings.
template <class Take>
void for_each_setting(const JsonPlace& place, const std::string& prefix, const Take& take) {
  for (const auto& [name, member] : place.members()) {
    const std::string key = prefix.empty() ? name : prefix + "." + name;
    if (member.is_object()) {
      for_each_setting(member, key, take);
    } else {
      take(member, key);
    }
  }
}

}  // namespace

std::vector<std::string> flatten_settings(const JsonPlace& place) {
  std::vector<std::string> settings;
  for_each_setting(place, "", [&](const JsonPlace& member, const std::string& key) {
    if (find_value(settings, key)) member.refuse(key + " is given twice");
    settings.push_back(key + "=" + member.word());
  });
  return settings;
}

std::vector<std::string> read_server_settings(const JsonPlace& place) {
  for_each_setting(place, "", [](const JsonPlace& member, const std::string& key) {
    if (belongs_to_experiment(key)) member.refuse("is set by the experiment itself; remove it here");
  });
  return flatten_settings(place);
}

bool belongs_to_experiment(const std::string& key) {
  return std::ranges::any_of(
      keys_of_experiment, [&](std::string_view own) { return own.ends_with('.') ? key.starts_with(own) : key == own; });
}

void override_setting(std::vector<std::string>& settings, const std::string& word) {
  const std::string key = word.substr(0, word.find('=') + 1);
  std::erase_if(settings, [&](const std::string& setting) { return setting.starts_with(key); });
  settings.push_back(word);
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
