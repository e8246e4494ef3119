#include "client/experiment/server_settings.hpp"

#include "client/record/settings.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace waitlab::client {
namespace {

constexpr std::array<std::string_view, 6> keys_of_experiment{
    "listen.", "admin.", "backend.mode", "backend.address", "backend.profile.", "telemetry.request_log"};

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
    if (setting_of(settings, key)) member.refuse(key + " is given twice");
    settings.push_back(key + "=" + member.system_word());
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
  return std::string(setting_of(settings, "strategy").value_or(""));
}

}  // namespace waitlab::client
