#include "client/commands/experiment_arguments.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace waitlab::client {
namespace {

constexpr const char* experiment_footer =
    R"(Without FILE it lists the built-in experiments. FILE is the name of one of
these, or a file of your own: docs/experiments.md says how to write it.

Examples:
  waitlab-client experiment pool-size --quick
  waitlab-client experiment mine.jsonc --dry-run
  waitlab-client experiment --resume results/mine-20260102-030405

Exit codes: 0 good; 1 something could not run; 2 wrong usage or file; 3 a run is
INVALID.)";

}  // namespace

Result<std::variant<ExperimentArguments, HelpText>> parse_experiment_arguments(int argc, const char* const* argv) {
  ExperimentArguments arguments;
  arguments.programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  CLI::App app(
      "Runs each server of an experiment under the same load and with the same slow\n"
      "backend, and compares them.",
      "waitlab-client experiment");
  app.footer(experiment_footer);
  app.add_option("file", arguments.file, "The experiment: JSON with comments, or a name")->type_name("FILE");
  auto* const list = app.add_flag("--list", arguments.list, "List the built-in experiments");
  auto* const quick = app.add_flag("--quick", arguments.quick, "Run its short form, for a first look");
  app.add_flag("--dry-run", arguments.dry_run, "Print the plan and its duration, run nothing");
  auto* const out = app.add_option("--out", arguments.out, "Folder for the results");
  out->capture_default_str()->type_name("DIR");
  app.add_option("--resume", arguments.resume, "Run only what is missing in this folder")
      ->type_name("DIR")
      ->excludes(list, quick, out);
  app.add_option("--bin", arguments.programs, "Folder of the programs (default: this one's)")->type_name("DIR");
  app.add_flag("--request-logs", arguments.request_logs, "Have each server log its requests, for check");
  app.add_flag("-q,--quiet", arguments.quiet, "No progress");
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  return arguments;
}

}  // namespace waitlab::client
