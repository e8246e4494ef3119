#pragma once

#include "common/delay/delay_profile.hpp"

#include <string>

namespace waitlab {

/// With that distribution, and all else as it is by default.
inline DelayProfile profile_of(const std::string& distribution) {
  DelayProfile profile;
  profile.delay.distribution = distribution;
  return profile;
}

}  // namespace waitlab
