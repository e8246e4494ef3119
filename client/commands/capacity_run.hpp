#pragma once

#include "client/commands/capacity_command.hpp"
#include "client/commands/capacity_report.hpp"
#include "common/result.hpp"

#include <cstdio>
#include <functional>
#include <stop_token>
#include <string>

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
/// come to rest: until single requests are served about as fast as before the search, and not at all if none was served
/// then. One that has not come to rest within 30 s ends the search. Each probe has a seed of its own. `stop` ends the
/// search; what it found until then is the result. Blocks. Failure when a probe could not begin.
Result<CapacityResult> search_capacity(const CapacityArguments& arguments, const std::stop_token& stop,
                                       const SearchEvents& events);

/// What a search is doing now, in a few words: "probing 160/s: measuring, 3 s left".
std::string probe_progress(double rate, const LoadProgress& progress);

/// Shows a search while it goes on: a line for each probe that is over and, where stderr is a terminal, one on what
/// goes on now, which the next replaces.
class CapacityView {
 public:
  /// `out` takes what is to stay.
  explicit CapacityView(std::FILE* out);

  /// What is to be called by the search. Not after the view is gone.
  SearchEvents events();

 private:
  void print(const std::string& text);
  void show_now(const std::string& line);

  std::FILE* out_;
  bool redraws_;
};

}  // namespace waitlab::client
