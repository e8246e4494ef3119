#pragma once

#include "client/commands/capacity_search.hpp"
#include "client/commands/command_line.hpp"
#include "client/engine/load_run.hpp"
#include "client/judge/threshold.hpp"
#include "common/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace waitlab::client {

/// What the command line of `capacity` asks for.
struct CapacityArguments {
  LoadOptions load;  ///< of every probe; its rate and duration are the search's to set
  SearchRange range;
  std::vector<Threshold> thresholds;             ///< all that must hold
  std::optional<std::string> implied_threshold;  ///< which of them was not given: about errors, where no other is
  std::chrono::nanoseconds probe = std::chrono::seconds(5);
  std::optional<std::string> json_file;  ///< "-": stdout
  std::vector<std::string> read_files;   ///< not to be written
  bool quiet = false;
};

/// Reads the command line of `capacity`; checked, so that `run_load` will not refuse the lowest and the highest rate.
/// Failure names the argument and the remedy.
Result<std::variant<CapacityArguments, HelpText>> parse_capacity_arguments(int argc, const char* const* argv);

}  // namespace waitlab::client
