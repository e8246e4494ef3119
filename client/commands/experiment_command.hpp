#pragma once

#include "client/commands/command_line.hpp"
#include "client/experiment/running_target.hpp"
#include "common/result.hpp"

#include <filesystem>
#include <string>
#include <variant>

namespace waitlab::client {

/// What the command line of `experiment` asks for.
struct ExperimentArguments {
  std::string file;                       ///< or a name; empty: that of what is resumed, or a list of those there are
  std::filesystem::path out = "results";  ///< the folder that gets the folder of the results
  std::filesystem::path programs;         ///< the folder of waitlab-server and waitlab-backend
  std::filesystem::path resume;           ///< the folder of the results to go on with; empty: begin anew
  bool list = false;                      ///< only tell which experiments there are
  bool quick = false;                     ///< the file's short form
  bool dry_run = false;                   ///< only tell the plan
  bool redo_invalid = false;              ///< of what is resumed
  bool request_logs = false;              ///< keep each server's request log, whatever the file says
  bool quiet = false;                     ///< no progress
};

/// Reads the command line. A wrong one is a Failure of one line.
Result<std::variant<ExperimentArguments, HelpText>> parse_experiment_arguments(int argc, const char* const* argv);

}  // namespace waitlab::client
