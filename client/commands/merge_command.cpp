#include "client/commands/commands.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/output_file.hpp"
#include "client/commands/result_source.hpp"
#include "client/format/result_json.hpp"
#include "client/format/result_text.hpp"
#include "client/report/result_merge.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace waitlab::client {
namespace {

/// What the command line of `merge` asks for.
struct MergeArguments {
  std::vector<std::string> sources;      ///< where the results are, at least one; see result_source.hpp
  std::optional<std::string> json_file;  ///< "-" for stdout
  std::optional<std::string> hgrm_file;
  std::string command;  ///< as one could type it
};

constexpr const char* merge_footer = R"(RESULTS are result files of `run --json`, several of them joined by commas, a
folder of them, or FILE#TARGET or FILE#TARGET@LEVEL for runs of an experiment's
result.json. Counts and histograms add up exactly, in any order. Runs whose
windows mostly overlap count as parallel: their rates add up. Otherwise their
windows do. The thresholds of the runs are applied to the whole.

Example:
  waitlab-client merge --json all.json one.json two.json three.json

Exit codes: 0 good; 1 could not write; 2 wrong usage or file; 3 a run is
INVALID; 4 a threshold failed.)";

/// Reads the command line. A wrong one is a Failure of one line.
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

Result<std::vector<LoadResult>> read_all(const MergeArguments& arguments, const CommandFiles& files) {
  std::vector<LoadResult> all;
  for (const std::string& source : arguments.sources) {
    auto results = read_results(source);
    if (!results) return results.error();
    for (NamedResult& named : *results) {
      if (auto kept = files.expect_unwritten(named.file); !kept) return kept.error();
      all.push_back(std::move(named.result));
    }
  }
  return all;
}

std::string text_of(const MergedResult& merged) {
  constexpr std::string_view label = "Warning     ";  // as wide as the labels of the summary
  std::string text = wrap(merged.how, terminal_columns);
  for (const std::string& warning : merged.warnings)
    text.append(label).append(wrap(warning, terminal_columns, label.size()));
  return text + "\n" + to_text(merged.result);
}

int run(const MergeArguments& arguments) {
  CommandFiles files;
  auto json = JsonOutput::open(arguments.json_file, files);
  if (!json) return fail(exit_usage, json.error());
  auto hgrm = HgrmOutput::open(arguments.hgrm_file, files);
  if (!hgrm) return fail(exit_usage, hgrm.error());
  if (auto free = files.use(json->text_stream(), "the text"); !free) return fail(exit_usage, free.error());
  auto results = read_all(arguments, files);
  if (!results) return fail(exit_usage, results.error());
  const bool several = results->size() > 1;
  MergedResult merged = merge_results(std::move(*results));
  if (several) merged.result.command = arguments.command;
  const auto written = json->write(to_json(merged.result));
  const auto percentiles = hgrm->write(merged.result.record);
  const auto printed = print_text(json->text_stream(), text_of(merged));
  for (const auto& told : {written, percentiles, printed}) {
    if (!told) return fail(exit_could_not_run, told.error());
  }
  return exit_code_of(merged.result);
}

}  // namespace

int merge_command(int argc, char** argv) {
  return run_command_line<MergeArguments>(parse_merge_arguments(argc, argv), run);
}

}  // namespace waitlab::client
