#pragma once

#include "common/result.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace waitlab {

/// What a person asked to read instead of running a program.
struct HelpText {
  std::string text;
};

/// Reads a command line into what its flags are bound to. The help or the version, if that was asked for, in lines of
/// at most 80 characters; a failure names what is wrong and the command whose help tells more. `--flag=` is the same as
/// `--flag ''`: an empty value, which only flags that take a text (type name TEXT) accept. A flag is not taken for the
/// value of the one before it: `--flag=-x` has such a value.
Result<std::optional<HelpText>> parse_command_line(CLI::App& app, int argc, const char* const* argv);

}  // namespace waitlab
