#pragma once

#include "common/delay/delay_profile.hpp"
#include "common/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace waitlab {

/// A family of delays, known by name. To add one, add a row to the table in distribution.cpp.
struct Distribution {
  std::string_view name;

  /// The delay in nanoseconds below which a share `u` of all delays lie, for u strictly between 0 and 1.
  double (*quantile_ns)(const DelayProfile::Delay& delay, double u);

  /// Checks the parameters against each other; `prefix` names the keys in the message.
  Result<void> (*check)(const DelayProfile::Delay& delay, const std::string& prefix);

  /// The parameters in a few words.
  std::string (*describe)(const DelayProfile::Delay& delay);
};

/// Every distribution there is, in the order in which messages list them.
std::span<const Distribution> distributions();

/// The distribution of that name, or nullptr.
const Distribution* find_distribution(std::string_view name);

}  // namespace waitlab
