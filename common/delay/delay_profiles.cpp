#include "common/delay/delay_profiles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace waitlab {
namespace {

void note_changed(const DelayProfile& from, const DelayProfile& to, const std::string& prefix,
                  std::vector<std::string>& keys) {
  const auto before = delay_profile_settings(from, prefix);
  for (const std::string& setting : delay_profile_settings(to, prefix))
    if (std::ranges::find(before, setting) == before.end()) keys.push_back(setting.substr(0, setting.find('=')));
}

}  // namespace

Failure unknown_profile(std::string_view name, const std::vector<std::string>& names) {
  return Failure{
      fmt::format("there is no profile \"{:.40}\"; {}", name,
                  names.empty() ? "none has a name here" : fmt::format("there are: {}", fmt::join(names, ", ")))};
}

Result<const DelayProfile*> DelayProfiles::find(std::string_view name) const {
  if (name.empty()) return &standard;
  if (const auto found = named.find(name); found != named.end()) return &found->second;
  std::vector<std::string> names;
  for (const auto& [known, profile] : named)
    names.push_back(known);
  return unknown_profile(name, names);
}

void bind_delay_profiles(ConfigSpec& spec, const std::string& prefix, DelayProfiles& profiles) {
  bind_delay_profile(spec, prefix + "profile.", profiles.standard);
  spec.blocks(prefix + "profiles.", profiles.named, bind_delay_profile);
}

Result<void> prepare_delay_profiles(DelayProfiles& profiles, const std::string& prefix) {
  std::map<std::string, std::string> logs;
  return for_each_profile(profiles, prefix, [&](const std::string& key, DelayProfile& profile) -> Result<void> {
    if (const auto prepared = prepare_delay_profile(profile, key); !prepared) return prepared;
    if (profile.hold_log.empty()) return {};
    const auto [first, is_new] = logs.emplace(profile.hold_log, key);
    if (is_new) return {};
    return Failure{fmt::format("{}hold_log is that of {}hold_log: give each a file of its own", key, first->second)};
  });
}

std::vector<std::string> delay_profiles_settings(const DelayProfiles& profiles, const std::string& prefix) {
  std::vector<std::string> settings;
  static_cast<void>(for_each_profile(profiles, prefix, [&](const std::string& key, const DelayProfile& profile) {
    const auto own = delay_profile_settings(profile, key);
    settings.insert(settings.end(), own.begin(), own.end());
    return Result<void>();
  }));
  return settings;
}

std::vector<std::string> changed_keys(const DelayProfiles& from, const DelayProfiles& to, const std::string& prefix) {
  std::vector<std::string> keys;
  note_changed(from.standard, to.standard, prefix + "profile.", keys);
  const std::string group = prefix + "profiles.";
  for (const auto& [name, profile] : from.named) {
    const auto kept = to.named.find(name);
    if (kept == to.named.end()) {
      keys.push_back(group + name);
    } else {
      note_changed(profile, kept->second, group + name + ".", keys);
    }
  }
  for (const auto& [name, profile] : to.named)
    if (!from.named.contains(name)) keys.push_back(group + name);
  return keys;
}

}  // namespace waitlab
