#pragma once

#include "client/advice/advice.hpp"
#include "client/commands/command_line.hpp"
#include "common/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

namespace waitlab::client {

/// What the command line of `advise` asks for.
struct AdviseArguments {
  AdviceLoad load;
  bool verify = false;                    ///< try the advice out
  bool quick = false;                     ///< once, for a short time
  std::filesystem::path out = "results";  ///< the folder that gets the folder of the results of that
  std::filesystem::path programs;         ///< the folder of waitlab-server and waitlab-backend
  std::optional<std::string> json_file;   ///< "-": stdout
  bool quiet = false;                     ///< no progress
  std::string command;                    ///< as one could type it, without --verify and what belongs to it
};

/// Reads the command line. A wrong one is a Failure of one line that names the flag and what is allowed.
Result<std::variant<AdviseArguments, HelpText>> parse_advise_arguments(int argc, const char* const* argv);

}  // namespace waitlab::client
