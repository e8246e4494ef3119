#pragma once

#include "client/commands/command_line.hpp"
#include "common/result.hpp"

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace waitlab::client {

/// What the command line of `report` asks for.
struct ReportArguments {
  std::vector<std::string> results;  ///< paths, at least one
  std::filesystem::path out;         ///< where the page goes
};

/// Reads the command line. A wrong one is a Failure of one line.
Result<std::variant<ReportArguments, HelpText>> parse_report_arguments(int argc, const char* const* argv);

}  // namespace waitlab::client
