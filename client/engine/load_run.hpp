#pragma once

#include "client/engine/load_options.hpp"
#include "client/record/load_result.hpp"
#include "common/result.hpp"

namespace waitlab::client {

/// Puts the load on the server and returns what was seen. Blocks until the run is over: warm-up, window, and at most
/// one time-out of drain. Failure when the run could not begin: options that `check_options` refuses, an unknown host,
/// a server that does not accept the first connection. Errors during the run are in the result.
Result<LoadResult> run_load(const LoadOptions& options);

}  // namespace waitlab::client
