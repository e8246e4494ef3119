#include "client/commands/experiment_arguments.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace waitlab::client {
namespace {

constexpr const char* footer = R"(Example:
  waitlab-client experiment experiments/threads-vs-waiting.jsonc

Exit codes: 0 good; 1 something could not run; 2 wrong usage or file; 3 a run is
not valid.)";

}  // namespace

Result<std::variant<ExperimentArguments, HelpText>> parse_experiment_arguments(int argc, const char* const* argv) {
  ExperimentArguments arguments;
  arguments.programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  CLI::App app(
      "Starts each server of an experiment under the same load and the same slow\n"
      "backend, and compares them.",
      "waitlab-client experiment");
  app.footer(footer);
  app.add_option("file", arguments.file, "The experiment, as JSON with comments")->required()->type_name("FILE");
  app.add_option("--out", arguments.out, "Folder for the results")->capture_default_str()->type_name("DIR");
  app.add_option("--bin", arguments.programs, "Folder of the programs (default: this one's)")->type_name("DIR");
  app.add_flag("--request-logs", arguments.request_logs, "Have each server log its requests, for check");
  app.add_flag("-q,--quiet", arguments.quiet, "No progress");
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  return arguments;
}

}  // namespace waitlab::client
