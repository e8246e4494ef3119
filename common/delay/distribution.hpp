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

  /// Turns `u`, which is uniform strictly between 0 and 1, into a delay in nanoseconds: the quantile function, unless
  /// the delays are a list.
  double (*delay_ns)(const DelayProfile::Delay& delay, double u);

  /// Checks the parameters, and reads the file that they name; `prefix` names the keys in the message.
  Result<void> (*prepare)(DelayProfile::Delay& delay, const std::string& prefix);

  /// The parameters in a few words.
  std::string (*describe)(const DelayProfile::Delay& delay);
};

/// Every distribution there is, in the order in which messages list them.
std::span<const Distribution> distributions();

/// The distribution of that name, or nullptr.
const Distribution* find_distribution(std::string_view name);

}  // namespace waitlab
