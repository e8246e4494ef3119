#pragma once

#include "client/check/conditions.hpp"
#include "client/check/finding.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// What became of holding one run against theory.
struct CheckReport {
  std::string name;
  std::string setting;  ///< "fixed-pool of 8 threads, 128.4/s, mean hold 50.1 ms, utilisation 0.80"
  std::vector<Condition> conditions{};
  std::vector<Finding> findings{};
  std::vector<std::string> notes{};  ///< what else is worth knowing, and how to make more checks possible

  /// Differs if any figure does; agrees if at least one was judged.
  FindingVerdict verdict() const;
};

}  // namespace waitlab::client
