#include "client/commands/merge_arguments.hpp"

#include "client/commands/command_text.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace waitlab::client {
namespace {

constexpr const char* merge_footer = R"(RESULTS are result files of `run --json`, several of them joined by commas, a
folder of them, or FILE#TARGET or FILE#TARGET@LEVEL for runs of an experiment's
result.json. Counts and histograms add up exactly, in any order. Runs whose
windows mostly overlap count as parallel: their rates add up. Otherwise their
windows do. The thresholds of the runs are applied to the whole.

Example:
  waitlab-client merge --json all.json one.json two.json three.json

Exit codes: 0 good; 1 could not write; 2 wrong usage or file; 3 a run is
INVALID; 4 a threshold failed.)";

}  // namespace

Result<std::variant<MergeArguments, HelpText>> parse_merge_arguments(int argc, const char* const* argv) {
  MergeArguments arguments;
  CLI::App app("Merges the results of runs into one, exactly.", "waitlab-client merge");
  app.footer(merge_footer);
  app.add_option("results", arguments.sources, "Results to merge")->required()->type_name("RESULTS");
  app.add_option("--json", arguments.json_file, "Write the result as JSON; - for stdout")->type_name("FILE");
  app.add_option("--hgrm", arguments.hgrm_file, "Write percentiles of both times as .hgrm files")->type_name("FILE");
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  arguments.command = command_text("waitlab-client merge", argc, argv);
  return arguments;
}

}  // namespace waitlab::client
