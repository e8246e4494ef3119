#pragma once

#include "common/config/config_loader.hpp"
#include "common/config/config_spec.hpp"
#include "common/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace waitlab {

/// Where a running program says whether it is well.
struct HealthPage {
  std::string address;  ///< as its config has it: a literal, or a name
  std::uint16_t port = 0;
  std::string path;  ///< answers 200 if it is
};

/// Asks, for 2 s at most once a name is looked up, and returns what it answered, or in a Failure why it is not well. An
/// address that stands for all of the machine's, such as 0.0.0.0, is asked over loopback. A port of 0 can't be known,
/// and is a Failure.
Result<std::string> check_health(const HealthPage& page);

/// A flag of one program alone, which prints what follows from its config instead of running it.
struct PrintFlag {
  std::string name;                    ///< "--print-facts"
  std::string help;                    ///< a line of --help
  std::function<std::string()> print;  ///< the text, once the fields are set and checked
};

/// A program that is ruled by a config: `NAME [CONFIG] [--config FILE] [--set key=value]… [--check-config]
/// [--print-config] [--print-schema] [--healthcheck] [--version] [--help]`, and a flag of its own.
struct ConfiguredProgram {
  std::string name;
  std::string description;              ///< one sentence for --help
  const ConfigSpec& spec;               ///< binds the fields to set
  std::function<Result<void>()> check;  ///< checks the fields against each other, once they are set
  std::function<HealthPage()> health;   ///< of an instance that runs with this config
  std::optional<PrintFlag> own{};
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
