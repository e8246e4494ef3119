#pragma once

#include "common/cli/health_check.hpp"
#include "common/config/config_loader.hpp"
#include "common/config/config_spec.hpp"
#include "common/result.hpp"

#include <functional>
#include <string>
#include <variant>

namespace waitlab {

/// A program that is ruled by a config: `NAME [CONFIG] [--config FILE] [--set key=value]… [--check-config]
/// [--print-config] [--print-schema] [--healthcheck] [--version] [--help]`.
struct ConfiguredProgram {
  std::string name;
  std::string description;              ///< one sentence for --help
  const ConfigSpec& spec;               ///< binds the fields to set
  std::function<Result<void>()> check;  ///< checks the fields against each other, once they are set
  std::function<HealthPage()> health;   ///< of an instance that runs with this config
};

/// Exit codes every program shares.
inline constexpr int exit_success = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;

/// Reads the command line and loads the config it asks for. Returns where the config came from if the program should
/// go on to run, or the exit code if it should end: what was asked for is printed by then, and an error told on stderr.
std::variant<ConfigSources, int> configure(const ConfiguredProgram& program, int argc, const char* const* argv);

/// Tells an error on stderr in one line that begins with the program's name.
void print_error(const std::string& program_name, const std::string& message);

}  // namespace waitlab
