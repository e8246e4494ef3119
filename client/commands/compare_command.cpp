#include "client/commands/compare_command.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/compare_arguments.hpp"
#include "client/commands/fail.hpp"
#include "client/commands/json_output.hpp"
#include "client/commands/result_source.hpp"
#include "client/report/run_comparison_json.hpp"
#include "client/report/run_comparison_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace waitlab::client {
namespace {

std::string side_line(char side, const std::string& source, const std::vector<NamedResult>& results) {
  return fmt::format("{}: {} ({} result{})\n", side, source, results.size(), results.size() == 1 ? "" : "s");
}

int run(const CompareArguments& arguments) {
  auto output = JsonOutput::open(arguments.json_file);
  if (!output) return fail(exit_usage, output.error());
  const auto a = read_results(arguments.a);
  if (!a) return fail(exit_usage, a.error());
  const auto b = read_results(arguments.b);
  if (!b) return fail(exit_usage, b.error());
  const RunComparison comparison = compare_runs(*a, *b);
  if (auto written = output->write(to_json(comparison, arguments.figures)); !written)
    return fail(exit_could_not_run, written.error());
  const std::string text =
      side_line('A', arguments.a, *a) + side_line('B', arguments.b, *b) + "\n" + to_text(comparison, arguments.figures);
  if (auto printed = print_text(output->text_stream(), text); !printed)
    return fail(exit_could_not_run, printed.error());
  return comparison.all_valid ? exit_good : exit_invalid_run;
}

}  // namespace

int compare_command(int argc, char** argv) {
  return run_command_line<CompareArguments>(parse_compare_arguments(argc, argv), run);
}

}  // namespace waitlab::client
