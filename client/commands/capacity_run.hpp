#pragma once

#include "client/commands/capacity_arguments.hpp"
#include "client/commands/capacity_report.hpp"
#include "common/result.hpp"

#include <functional>
#include <stop_token>

namespace waitlab::client {

/// What can be told of a search while it goes on. Called on the thread that searches; any may be empty.
struct SearchEvents {
  std::function<void(const std::string&)> on_detour;    ///< once, if there is one (LoadOptions)
  std::function<void(const CapacityResult&)> on_begin;  ///< before the first probe
  std::function<void(double rate, const LoadProgress&)> on_progress;
  std::function<void()> on_rest;  ///< a probe failed, and the server is given time
  std::function<void(const Probe&)> on_probe;
};

/// Searches the capacity of a server by loading it, probe after probe. After a probe that failed it lets the server
/// come to rest: until single requests are served about as fast as before the search, for at most 30 s, and not at all
/// if none was served then. `stop` ends the search; what it found until then is the result. Blocks. Failure when a
/// probe could not begin.
Result<CapacityResult> search_capacity(const CapacityArguments& arguments, const std::stop_token& stop,
                                       const SearchEvents& events);

}  // namespace waitlab::client
