#pragma once

#include "common/config/config_spec.hpp"
#include "common/delay/delay_profile.hpp"
#include "common/result.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab {

/// The profiles of a backend: that of calls which name none, and those that have names.
struct DelayProfiles {
  DelayProfile standard;
  std::map<std::string, DelayProfile, std::less<>> named;

  /// The standard one if `name` is empty. The Failure of a name that there is not lists those that there are.
  Result<const DelayProfile*> find(std::string_view name) const;
};

/// The Failure of `find`, where profiles are kept otherwise.
Failure unknown_profile(std::string_view name, const std::vector<std::string>& names);

/// Binds `profile.…` and `profiles.NAME.…`, under `prefix` ("backend." or "").
void bind_delay_profiles(ConfigSpec& spec, const std::string& prefix, DelayProfiles& profiles);

/// Prepares each, and checks that no two have the same hold log.
Result<void> prepare_delay_profiles(DelayProfiles& profiles, const std::string& prefix);

/// All of them as "key=value" words for `--set`.
std::vector<std::string> delay_profiles_settings(const DelayProfiles& profiles, const std::string& prefix);

/// The keys that differ from one to the other; of a profile that only one of them has, its name.
std::vector<std::string> changed_keys(const DelayProfiles& from, const DelayProfiles& to, const std::string& prefix);

/// Calls `visit(key, profile)` for each, where key is that of its block: "profile." or "profiles.NAME.", after
/// `prefix`. Ends early with what it returns, if that is a Failure.
template <class Profiles, class Visit>
Result<void> for_each_profile(Profiles& profiles, const std::string& prefix, const Visit& visit) {
  if (const Result<void> visited = visit(prefix + "profile.", profiles.standard); !visited) return visited;
  for (auto& [name, profile] : profiles.named)
    if (const Result<void> visited = visit(prefix + "profiles." + name + ".", profile); !visited) return visited;
  return {};
}

}  // namespace waitlab
