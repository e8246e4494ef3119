#include "common/cli/configured_program.hpp"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <vector>

namespace waitlab {
namespace {

struct CommandLine {
  std::string config_file;
  std::vector<std::string> sets;
  bool check_config = false;
  bool print_config = false;
  bool print_schema = false;
  bool healthcheck = false;
};

/// Returns an exit code if the command line asked for help or the version, or is wrong.
std::optional<int> parse(const ConfiguredProgram& program, int argc, const char* const* argv, CommandLine& line) {
  CLI::App app(program.description, program.name);
  app.set_version_flag("--version", program.name + " " WAITLAB_VERSION);
  auto* positional = app.add_option("CONFIG", line.config_file, "config file: JSON with comments");
  app.add_option("--config", line.config_file, "the same, as an option")->excludes(positional);
  app.add_option("--set", line.sets, "key=value that wins over file and environment; repeatable")
      ->allow_extra_args(false);
  auto* check =
      app.add_flag("--check-config", line.check_config, "only check the config: exit 0 if it is valid, 2 if not");
  auto* print = app.add_flag("--print-config", line.print_config, "print each value and where it comes from");
  auto* schema = app.add_flag("--print-schema", line.print_schema, "print the JSON Schema of config files");
  app.add_flag("--healthcheck", line.healthcheck,
               "only ask the instance that runs with this config whether it is well: exit 0 if it is, 1 if not; what "
               "is wrong in the file is told and left out")
      ->excludes(check)
      ->excludes(print)
      ->excludes(schema);
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    print_error(program.name, std::string(error.what()) + "; see --help");
    return exit_usage;
  }
}

ConfigSources sources_of(const CommandLine& line) {
  ConfigSources sources{.file = std::nullopt, .environment = waitlab_environment(), .sets = line.sets};
  if (!line.config_file.empty()) sources.file = line.config_file;
  return sources;
}

Result<std::vector<ConfigValue>> load(const ConfiguredProgram& program, const ConfigSources& sources) {
  auto values = load_config(program.spec, sources);
  if (!values) return values;
  if (const Result<void> checked = program.check(); !checked) return checked.error();
  return values;
}

/// Asks with what is right of the config: the instance may run with what the file held before a mistake. Its exit code
/// is 0 or 1, as Docker wants it of a health check.
int tell_health(const ConfiguredProgram& program, const ConfigSources& sources) {
  const auto faults = load_what_is_right(program.spec, sources);
  if (!faults) {
    print_error(program.name, faults.error().message);
    return exit_failure;
  }
  for (const Failure& fault : *faults)
    print_error(program.name, fault.message + "; left out to ask for health");
  const auto health = check_health(program.health());
  if (!health) {
    print_error(program.name, "not healthy: " + health.error().message);
    return exit_failure;
  }
  fmt::print("healthy: {}\n", *health);
  return exit_success;
}

}  // namespace

std::variant<ConfigSources, int> configure(const ConfiguredProgram& program, int argc, const char* const* argv) {
  CommandLine line;
  if (const auto exit_code = parse(program, argc, argv, line)) return *exit_code;
  if (line.print_schema) {
    fmt::print("{}\n", json_schema(program.spec, program.name));
    return exit_success;
  }
  ConfigSources sources = sources_of(line);
  if (line.healthcheck) return tell_health(program, sources);
  const auto values = load(program, sources);
  if (!values) {
    print_error(program.name, values.error().message);
    return exit_usage;
  }
  if (line.print_config) fmt::print("{}", print_config(*values));
  if (line.print_config || line.check_config) return exit_success;
  return sources;
}

void print_error(const std::string& program_name, const std::string& message) {
  fmt::print(stderr, "{}: {}\n", program_name, message);
}

}  // namespace waitlab
