#include "client/commands/commands.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/interrupt.hpp"
#include "client/commands/live_view.hpp"
#include "client/commands/run_arguments.hpp"
#include "client/commands/run_outputs.hpp"
#include "client/commands/terminal.hpp"
#include "client/commands/threshold_watch.hpp"
#include "client/engine/load_run.hpp"
#include "client/format/result_text.hpp"

#include <optional>
#include <variant>

namespace waitlab::client {
namespace {

Result<LoadResult> run_with_view(const RunArguments& arguments, RunOutputs& outputs) {
  LoadOptions load = arguments.load;
  const Interrupt interrupt;
  load.stop = interrupt.token();
  outputs.listen_to(load);
  ThresholdWatch watch(arguments.thresholds);
  if (arguments.abort_on_fail) {
    load.abort_when = [&watch](const LoadProgress& progress) { return watch.missed(progress); };
  }
  std::optional<LiveView> view;
  if (!arguments.quiet) {
    view.emplace(arguments.tui);
    load.on_detour = warn_of_detour;
    load.on_progress = [&view](const LoadProgress& progress) { view->show(progress); };
  }
  auto result = run_load(load);
  if (result && result->aborted) result->aborted_by = watch.miss();
  return result;
}

int run(const RunArguments& arguments) {
  auto outputs = RunOutputs::open(arguments.files);
  if (!outputs) return fail(exit_usage, outputs.error());
  auto result = run_with_view(arguments, *outputs);
  if (!result) return fail(exit_could_not_run, result.error());
  for (const Threshold& threshold : arguments.thresholds)
    result->thresholds.push_back(hold_against(threshold, *result));
  if (auto written = outputs->write(*result); !written) return fail(exit_could_not_run, written.error());
  if (!arguments.quiet) {
    auto printed = print_text(outputs->text_stream(), to_text(*result));
    if (!printed) return fail(exit_could_not_run, printed.error());
  }
  return exit_code_of(*result);
}

}  // namespace

int run_command(int argc, char** argv) {
  return run_command_line<RunArguments>(parse_run_arguments(argc, argv), run);
}

}  // namespace waitlab::client
