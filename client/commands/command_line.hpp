#pragma once

#include "client/commands/fail.hpp"
#include "common/result.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <variant>

namespace CLI {
class App;
}

namespace waitlab::client {

/// What a person asked to read instead of running a command.
struct HelpText {
  std::string text;
};

/// Reads a command's line into what its flags are bound to. The help, if that was asked for; a failure names what is
/// wrong and the command whose help tells more.
Result<std::optional<HelpText>> parse_command_line(CLI::App& app, int argc, const char* const* argv);

/// Does what the command line asked for: runs the command, prints its help, or tells what is wrong. Returns the exit
/// code.
template <typename Arguments>
int run_command_line(const Result<std::variant<Arguments, HelpText>>& parsed, int (*run)(const Arguments&)) {
  if (!parsed) return fail(exit_usage, parsed.error());
  if (const auto* arguments = std::get_if<Arguments>(&*parsed)) return run(*arguments);
  fmt::print("{}", std::get<HelpText>(*parsed).text);
  return exit_good;
}

}  // namespace waitlab::client
