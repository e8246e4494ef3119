#pragma once

#include "common/config/config_spec.hpp"
#include "common/delay/delay_profiles.hpp"
#include "common/result.hpp"

#include <cstdint>
#include <string>

namespace waitlab::backend {

/// All that can be set of the backend, with the defaults.
struct Config {
  struct Listen {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8081;  ///< 0: any free port
  };
  Listen listen;
  DelayProfiles profiles;
};

/// The keys `listen.…`, `profile.…` and `profiles.NAME.…`, bound to the fields of `config`, which must outlive the
/// spec.
ConfigSpec config_spec(Config& config);

/// Checks what no single key's range can, and prepares the profiles.
Result<void> check(Config& config);

}  // namespace waitlab::backend
