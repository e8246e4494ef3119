#include "client/commands/capacity_command.hpp"

#include "client/commands/capacity_arguments.hpp"
#include "client/commands/capacity_report.hpp"
#include "client/commands/capacity_run.hpp"
#include "client/commands/capacity_view.hpp"
#include "client/commands/command_line.hpp"
#include "client/commands/fail.hpp"
#include "client/commands/interrupt.hpp"
#include "client/commands/json_output.hpp"

#include <nlohmann/json.hpp>

namespace waitlab::client {
namespace {

Result<CapacityResult> search_and_show(const CapacityArguments& arguments, std::FILE* out) {
  const Interrupt interrupt;
  if (arguments.quiet) return search_capacity(arguments, interrupt.token(), {});
  CapacityView view(out);
  return search_capacity(arguments, interrupt.token(), view.events());
}

ExitCode exit_code_of(const CapacityResult& result) {
  if (result.interrupted) return exit_invalid_run;
  if (!result.lowest_failed) return exit_good;
  if (result.lowest_failed->verdict == ProbeVerdict::client_failed) return exit_invalid_run;
  return result.highest_passed ? exit_good : exit_threshold_missed;
}

int run(const CapacityArguments& arguments) {
  auto output = JsonOutput::open(arguments.json_file);
  if (!output) return fail(exit_usage, output.error());
  const auto result = search_and_show(arguments, output->text_stream());
  if (!result) return fail(exit_could_not_run, result.error());
  if (auto written = output->write(to_json(*result)); !written) return fail(exit_could_not_run, written.error());
  if (!arguments.quiet) {
    auto printed = print_text(output->text_stream(), '\n' + verdict_text(*result));
    if (!printed) return fail(exit_could_not_run, printed.error());
  }
  return exit_code_of(*result);
}

}  // namespace

int capacity_command(int argc, char** argv) {
  return run_command_line<CapacityArguments>(parse_capacity_arguments(argc, argv), run);
}

}  // namespace waitlab::client
