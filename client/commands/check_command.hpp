#pragma once

#include "client/commands/command_line.hpp"
#include "common/result.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace waitlab::client {

/// What the command line of `check` asks for.
struct CheckArguments {
  std::vector<std::string> results = {};  ///< files of `run --json`, experiments' folders or result.json
  std::string server_log = {};            ///< of the runs that don't name theirs; empty: none, as the next
  std::string backend_log = {};
  std::string strategy = {};                  ///< that served them, if no log says; empty: not known
  std::optional<unsigned> threads = {};       ///< of the pool
  std::optional<std::string> json_file = {};  ///< "-" for stdout
};

/// Reads the command line. A wrong one is a Failure of one line.
Result<std::variant<CheckArguments, HelpText>> parse_check_arguments(int argc, const char* const* argv);

}  // namespace waitlab::client
