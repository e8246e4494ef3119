#pragma once

#include "common/result.hpp"

#include <cstdint>
#include <string>

namespace waitlab {

/// Where a running program says whether it is well.
struct HealthPage {
  std::string address;  ///< as its config has it: a literal, or a name
  std::uint16_t port = 0;
  std::string path;  ///< answers 200 if it is
};

/// Asks, for 2 s at most once a name is looked up, and returns what it answered, or in a Failure why it is not well. An
/// address that stands for all of the machine's, such as 0.0.0.0, is asked over loopback. A port of 0 can't be known,
/// and is a Failure.
Result<std::string> check_health(const HealthPage& page);

}  // namespace waitlab
