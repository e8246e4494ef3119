#pragma once

#include "common/delay/delay_profile.hpp"
#include "common/result.hpp"

#include <string>

namespace waitlab::backend {

/// A profile's settings as JSON, in the form of the config file's `profile` block.
std::string profile_json(const DelayProfile& profile);

/// The profile with the settings that `json` has, in that form; the others stay. It is checked as a whole. A Failure
/// names the key. What names a file is opened at the start only, so it may be there but not change.
Result<DelayProfile> changed_profile(const DelayProfile& profile, const std::string& json);

}  // namespace waitlab::backend
