#pragma once

#include "client/commands/command_line.hpp"
#include "client/engine/load_run.hpp"
#include "client/judge/threshold.hpp"
#include "common/result.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace waitlab::client {

/// Where the result goes besides the terminal. "-" for the JSON: stdout.
struct OutputFiles {
  std::optional<std::string> json;
  std::optional<std::string> csv;
  std::optional<std::string> hdr_log;
  std::optional<std::string> hgrm;
  std::optional<std::string> prometheus;
};

/// What the command line of `run` asked for.
struct RunArguments {
  LoadOptions load;
  std::vector<Threshold> thresholds;
  unsigned repeats = 1;  ///< runs, of which each has the next seed
  bool abort_on_fail = false;
  OutputFiles files;
  std::vector<std::string> read_files;  ///< not to be written
  bool quiet = false;
  bool tui = true;
};

/// Reads the command line of `run`; checked, so that `run_load` will not refuse it. Failure names the argument and the
/// remedy.
Result<std::variant<RunArguments, HelpText>> parse_run_arguments(int argc, const char* const* argv);

}  // namespace waitlab::client
