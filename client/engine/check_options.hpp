#pragma once

#include "client/engine/load_options.hpp"
#include "common/result.hpp"

namespace waitlab::client {

/// Says what is wrong with the options, if anything is: usage errors, found without touching the network.
Result<void> check_options(const LoadOptions& options);

}  // namespace waitlab::client
