#pragma once

#include "client/commands/fail.hpp"
#include "common/cli/command_line.hpp"
#include "common/result.hpp"

#include <fmt/format.h>

#include <variant>

namespace waitlab::client {

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
