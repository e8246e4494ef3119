#pragma once

#include "client/commands/capacity_arguments.hpp"
#include "client/commands/capacity_report.hpp"
#include "common/result.hpp"

#include <functional>
#include <stop_token>

namespace waitlab::client {

/// Searches the capacity of a server by loading it, probe after probe. After a probe that failed it lets the server
/// come to rest: until single requests are served about as fast as before the search, for at most 30 s. `on_probe` is
/// called after each probe, `on_unloaded` before the first with what the server takes for single requests. `stop` ends
/// the search; what it found until then is the result. Blocks. Failure when a probe could not begin.
Result<CapacityResult> search_capacity(const CapacityArguments& arguments, const std::stop_token& stop,
                                       const std::function<void(std::chrono::nanoseconds)>& on_unloaded,
                                       const std::function<void(const Probe&)>& on_probe);

}  // namespace waitlab::client
