#include "client/commands/merge_command.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/exit_code.hpp"
#include "client/commands/fail.hpp"
#include "client/commands/hgrm_output.hpp"
#include "client/commands/json_output.hpp"
#include "client/commands/merge_arguments.hpp"
#include "client/commands/result_source.hpp"
#include "client/format/result_json.hpp"
#include "client/format/result_text.hpp"
#include "client/report/result_merge.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string_view>
#include <system_error>

namespace waitlab::client {
namespace {

bool is_output(const MergeArguments& arguments, const std::string& file) {
  std::error_code missing;
  return arguments.json_file && std::filesystem::equivalent(*arguments.json_file, file, missing);
}

Result<std::vector<LoadResult>> read_all(const MergeArguments& arguments) {
  std::vector<LoadResult> all;
  for (const std::string& source : arguments.sources) {
    auto results = read_results(source);
    if (!results) return results.error();
    for (NamedResult& named : *results) {
      if (is_output(arguments, named.name)) {
        return Failure{
            fmt::format("{} is to be written, so it can't be read as well; give another --json", named.name)};
      }
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
  auto results = read_all(arguments);
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
