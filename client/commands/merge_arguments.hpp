#pragma once

#include "client/commands/command_line.hpp"
#include "common/result.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace waitlab::client {

/// What the command line of `merge` asks for.
struct MergeArguments {
  std::vector<std::string> sources;      ///< where the results are, at least one; see result_source.hpp
  std::optional<std::string> json_file;  ///< "-" for stdout
  std::optional<std::string> hgrm_file;
  std::string command;  ///< as one could type it
};

/// Reads the command line. A wrong one is a Failure of one line.
Result<std::variant<MergeArguments, HelpText>> parse_merge_arguments(int argc, const char* const* argv);

}  // namespace waitlab::client
