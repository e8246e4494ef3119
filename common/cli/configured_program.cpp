#include "common/cli/configured_program.hpp"

#include "common/cli/command_line.hpp"
#include "common/http/response_writer.hpp"
#include "common/net/http_get.hpp"
#include "common/net/socket_address.hpp"
#include "common/process/standard_streams.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <vector>

namespace waitlab {
namespace {

constexpr std::chrono::seconds patience{2};
constexpr unsigned http_ok = 200;

/// The detail of a problem, to follow what it is the detail of; empty where the body has none.
std::string reason_in(const std::string& body) {
  const std::string detail = problem_detail(body);
  return detail.empty() ? "" : ": " + detail;
}

}  // namespace

Result<std::string> check_health(const HealthPage& page) {
  if (page.port == 0) return Failure{"the config leaves the port to chance, as 0; set one, so that it can be asked"};
  // Linux takes a connection to 0.0.0.0 or :: as one to loopback.
  const std::string address = join_host_port(page.address, fmt::to_string(page.port));
  const auto answer = http_get(address, page.path, patience);
  if (!answer) return answer.error();
  if (answer->status != http_ok) {
    return Failure{fmt::format("{}{} answers {}{}", address, page.path, answer->status, reason_in(answer->body))};
  }
  return fmt::format("{}{} answers {}", address, page.path, answer->status);
}

namespace {

struct CommandLine {
  std::string config_file;
  std::vector<std::string> sets;
  bool check_config = false;
  bool print_config = false;
  bool print_schema = false;
  bool print_own = false;
  bool healthcheck = false;
};

void add_options(CLI::App& app, const std::optional<PrintFlag>& own, CommandLine& line, std::string& positional) {
  app.set_version_flag("--version", app.get_name() + " " WAITLAB_VERSION, "Print the version and exit");
  app.add_option("CONFIG", positional, "Config file: JSON with comments")->type_name("");
  app.add_option("--config", line.config_file, "The config file, as an option")->type_name("FILE");
  app.add_option("--set", line.sets, "Overrides file and environment; repeatable")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  auto* check = app.add_flag("--check-config", line.check_config, "Only check the config: exit 0 if valid, 2 if not");
  auto* print = app.add_flag("--print-config", line.print_config, "Print each value and its origin");
  auto* schema = app.add_flag("--print-schema", line.print_schema, "Print the JSON Schema of config files");
  auto* health = app.add_flag("--healthcheck", line.healthcheck, "Ask the running instance: exit 0 if healthy")
                     ->excludes(check)
                     ->excludes(print)
                     ->excludes(schema);
  if (own) health->excludes(app.add_flag(own->name, line.print_own, own->help));
  app.footer("--healthcheck reports mistakes in the config and ignores those keys.");
}

Result<std::variant<CommandLine, HelpText>> parse(const ConfiguredProgram& program, int argc, const char* const* argv) {
  CLI::App app(program.description, program.name);
  CommandLine line;
  std::string positional;
  add_options(app, program.own, line, positional);
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  if (positional.empty()) return line;
  if (!line.config_file.empty())
    return Failure{
        fmt::format("two config files: --config {} and {}; to run another program of a container's image, "
                    "name it with --entrypoint",
                    line.config_file, positional)};
  line.config_file = positional;
  return line;
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

/// Prints what was asked for, and returns the exit code.
int print(const std::string& program_name, const std::string& text) {
  std::fputs(text.c_str(), stdout);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_success;
  print_error(program_name, "standard output cannot be written");
  return exit_failure;
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
  return print(program.name, fmt::format("healthy: {}\n", *health));
}

}  // namespace

std::variant<ConfigSources, int> configure(const ConfiguredProgram& program, int argc, const char* const* argv) {
  const auto parsed = parse(program, argc, argv);
  if (!parsed) {
    print_error(program.name, parsed.error().message);
    return exit_usage;
  }
  if (const auto* help = std::get_if<HelpText>(&*parsed)) {
    return print(program.name, help->text);
  }
  const auto& line = std::get<CommandLine>(*parsed);
  if (line.print_schema) {
    return print(program.name, json_schema(program.spec, program.name) + "\n");
  }
  ConfigSources sources = sources_of(line);
  if (line.healthcheck) return tell_health(program, sources);
  const auto values = load(program, sources);
  if (!values) {
    print_error(program.name, values.error().message);
    return exit_usage;
  }
  if (line.print_config || line.check_config || line.print_own) {
    return print(program.name,
                 (line.print_config ? print_config(*values) : "") + (line.print_own ? program.own->print() : ""));
  }
  return sources;
}

void print_error(const std::string& program_name, const std::string& message) {
  say(fmt::format("{}: {}\n", program_name, message));
}

}  // namespace waitlab
