#pragma once

#include "client/commands/exit_code.hpp"
#include "common/result.hpp"

namespace waitlab::client {

/// Tells the failure on stderr, in a line of its own, and returns the code.
int fail(ExitCode code, const Failure& failure);

}  // namespace waitlab::client
