#include "client/commands/merge_command.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/fail.hpp"
#include "client/commands/hgrm_output.hpp"
#include "client/commands/json_output.hpp"
#include "client/commands/merge_arguments.hpp"
#include "client/commands/result_source.hpp"
#include "client/record/result_json.hpp"
#include "client/record/result_merge.hpp"
#include "client/record/result_text.hpp"
#include "client/record/wrap.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace waitlab::client {
namespace {

Result<std::vector<LoadResult>> read_all(const std::vector<std::string>& sources) {
  std::vector<LoadResult> all;
  for (const std::string& source : sources) {
    auto results = read_results(source);
    if (!results) return results.error();
    for (NamedResult& named : *results)
      all.push_back(std::move(named.result));
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

ExitCode exit_code_of(const LoadResult& result) {
  if (!result.valid()) return exit_invalid_run;
  const auto met = [](const ThresholdOutcome& outcome) { return outcome.met; };
  return std::all_of(result.thresholds.begin(), result.thresholds.end(), met) ? exit_good : exit_threshold_missed;
}

int run(const MergeArguments& arguments) {
  auto results = read_all(arguments.sources);
  if (!results) return fail(exit_usage, results.error());
  auto json = JsonOutput::open(arguments.json_file);
  if (!json) return fail(exit_usage, json.error());
  auto hgrm = HgrmOutput::open(arguments.hgrm_file);
  if (!hgrm) return fail(exit_usage, hgrm.error());
  const bool several = results->size() > 1;
  MergedResult merged = merge_results(std::move(*results));
  if (several) merged.result.command = arguments.command;
  if (auto written = json->write(to_json(merged.result)); !written) return fail(exit_could_not_run, written.error());
  if (auto written = hgrm->write(merged.result.record); !written) return fail(exit_could_not_run, written.error());
  if (auto printed = print_text(json->text_stream(), text_of(merged)); !printed)
    return fail(exit_could_not_run, printed.error());
  return exit_code_of(merged.result);
}

}  // namespace

int merge_command(int argc, char** argv) {
  return run_command_line<MergeArguments>(parse_merge_arguments(argc, argv), run);
}

}  // namespace waitlab::client
