#pragma once

#include "client/commands/command_line.hpp"
#include "client/report/run_comparison.hpp"
#include "common/result.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace waitlab::client {

/// What the command line of `compare` asks for.
struct CompareArguments {
  std::string a;  ///< where the results are; see result_source.hpp
  std::string b;
  std::vector<Metric> figures;           ///< to show, in their order
  bool paired = false;                   ///< to be compared by pairs of the same seed, or not at all
  std::optional<std::string> json_file;  ///< "-" for stdout
};

/// Reads the command line. A wrong one is a Failure of one line.
Result<std::variant<CompareArguments, HelpText>> parse_compare_arguments(int argc, const char* const* argv);

}  // namespace waitlab::client
