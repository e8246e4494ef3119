#pragma once

#include "client/advice/hold_law.hpp"
#include "common/result.hpp"

#include <map>
#include <string>

namespace CLI {
class App;
}

namespace waitlab::client {

/// The flags that say how long a backend holds requests. They are named for the keys of a delay in a profile, `--hold-`
/// before each.
class HoldFlags {
 public:
  /// Adds them to the command line. Must outlive its parsing.
  explicit HoldFlags(CLI::App& app);

  /// What was given, once the command line was parsed. A replay's file is read here. Failure names the flag and what is
  /// allowed: also of a flag that the distribution has no use for.
  Result<HoldLaw> law() const;

 private:
  Result<void> expect_of_use(const std::string& distribution) const;
  Result<DelayProfile::Delay> read() const;

  std::string distribution_ = "exponential";
  std::map<std::string, std::string> given_;  ///< by the keys; empty: not given
};

}  // namespace waitlab::client
