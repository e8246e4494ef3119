#pragma once

#include "common/cli/command_line.hpp"
#include "common/result.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <variant>

namespace waitlab::client {

/// How the program ends.
enum ExitCode : int {
  exit_good = 0,
  exit_could_not_run = 1,
  exit_usage = 2,        ///< a wrong command line or file
  exit_invalid_run = 3,  ///< it ran, but its figures must not be trusted
  exit_threshold_missed = 4,
  exit_theory_differs = 4,  ///< of `check`: a figure is not what theory says
};

struct LoadResult;

/// How a command ends that shows this result. A run that a threshold aborted has missed it, whatever came after; else
/// the thresholds count only if the figures may be trusted.
ExitCode exit_code_of(const LoadResult& result);

/// Where this program lies: the others lie beside it.
std::filesystem::path program_folder();

/// Tells the failure on stderr, in a line of its own, and returns the code.
int fail(ExitCode code, const Failure& failure);

/// Does what the command line asked for: runs the command, prints its help, or tells what is wrong. Returns the exit
/// code.
template <typename Arguments>
int run_command_line(const Result<std::variant<Arguments, HelpText>>& parsed, int (*run)(const Arguments&)) {
  if (!parsed) return fail(exit_usage, parsed.error());
  if (const auto* arguments = std::get_if<Arguments>(&*parsed)) return run(*arguments);
  fmt::print("{}", std::get<HelpText>(*parsed).text);
  return exit_good;
}

/// A command line as one could type it into a shell, for a result to tell how it was made. `name` is the program's and
/// the command's, argv[0] is left out. Values of header fields that carry secrets (Authorization, Proxy-Authorization,
/// Cookie) are left out too: results are passed on.
std::string command_text(const std::string& name, int argc, const char* const* argv);

}  // namespace waitlab::client
