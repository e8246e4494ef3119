#pragma once

#include "client/engine/load_options.hpp"
#include "common/result.hpp"

#include <optional>
#include <string>
#include <variant>

namespace waitlab::client {

/// What the command line of `run` asked for.
struct RunArguments {
  LoadOptions load;
  std::optional<std::string> json_file;  ///< "-": stdout
  bool quiet = false;
};

/// The text that `--help` prints.
struct HelpText {
  std::string text;
};

/// Reads the command line of `run`; checked, so that `run_load` will not refuse it. Failure names the argument and the
/// remedy.
Result<std::variant<RunArguments, HelpText>> parse_run_arguments(int argc, const char* const* argv);

}  // namespace waitlab::client
