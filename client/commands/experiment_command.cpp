#include "client/commands/experiment_command.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/exit_code.hpp"
#include "client/commands/experiment_arguments.hpp"
#include "client/commands/experiment_line.hpp"
#include "client/commands/interrupt.hpp"
#include "client/commands/results_folder.hpp"
#include "client/experiment/placement.hpp"
#include "client/experiment/runner.hpp"
#include "client/report/circumstances.hpp"
#include "client/report/experiment_json.hpp"
#include "client/report/experiment_text.hpp"
#include "client/report/html_report.hpp"
#include "common/process/cpu_affinity.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;

Result<Programs> find_programs(const fs::path& folder) {
  const Programs programs{.server = folder / "waitlab-server", .backend = folder / "waitlab-backend"};
  for (const fs::path& program : {programs.server, programs.backend}) {
    if (!fs::is_regular_file(program)) {
      return Failure{
          fmt::format("{} is missing; build it, or give the folder of the programs with --bin", program.string())};
    }
  }
  return programs;
}

Result<ExperimentResult> run_with_progress(const Experiment& experiment, ExperimentOptions options, bool quiet) {
  const Interrupt interrupt;
  options.stop = interrupt.token();
  ExperimentLine line;
  options.on_trouble = [&line](const std::string& trouble) { line.tell(trouble); };
  if (!quiet) {
    line.tell(fmt::format("{}: {}", experiment.name, placement_text(options.placement)));
    options.on_progress = [&line](const ExperimentProgress& progress) { line.show(progress); };
  }
  return run_experiment(experiment, options);
}

/// Writes both files of the results and prints the comparison.
Result<void> report(const ExperimentResult& result, const fs::path& folder) {
  const Comparison comparison = compare(result);
  const Verdict verdict = judge_experiment(result, comparison);
  const fs::path json = folder / "result.json";
  const fs::path page = folder / "report.html";
  const std::string text = experiment_json(result, comparison, verdict).dump(1) + "\n";
  if (auto written = write_file(json, text); !written) return written;
  if (auto paged = write_file(page, html_report({{.name = json.string(), .text = text}})); !paged) return paged;
  fmt::print("{}\nReport:  {}\nFigures: {}\n", experiment_text(result, comparison, verdict), page.string(),
             json.string());
  return {};
}

ExitCode exit_code_of(const ExperimentResult& result) {
  if (!result.missing.empty()) return exit_could_not_run;
  const bool valid = std::ranges::all_of(result.runs, [](const ExperimentRun& run) { return run.load.valid(); });
  return valid ? exit_good : exit_invalid_run;
}

int run(const ExperimentArguments& arguments, const Experiment& experiment, const Programs& programs) {
  ExperimentOptions options;
  options.programs = programs;
  options.machine = describe_machine();
  options.placement = place(usable_cpus());
  if (auto pinned = run_on_cpus(options.placement.client_and_backend); !pinned)
    return fail(exit_could_not_run, pinned.error());
  const auto folder = make_results_folder(arguments.out, experiment.name);
  if (!folder) return fail(exit_could_not_run, folder.error());
  options.logs = *folder / "logs";
  const auto result = run_with_progress(experiment, options, arguments.quiet);
  remove_empty_files(options.logs);
  if (!result) return fail(exit_could_not_run, result.error());
  if (auto reported = report(*result, *folder); !reported) return fail(exit_could_not_run, reported.error());
  return exit_code_of(*result);
}

int run(const ExperimentArguments& arguments) {
  auto experiment = read_experiment(arguments.file);
  if (!experiment) return fail(exit_usage, experiment.error());
  experiment->request_logs |= arguments.request_logs;
  const auto programs = find_programs(arguments.programs);
  if (!programs) return fail(exit_could_not_run, programs.error());
  for (const ExperimentTarget& target : experiment->targets) {
    if (auto checked = check_settings(*programs, target); !checked) return fail(exit_usage, checked.error());
  }
  return run(arguments, *experiment, *programs);
}

}  // namespace

int experiment_command(int argc, char** argv) {
  return run_command_line<ExperimentArguments>(parse_experiment_arguments(argc, argv), run);
}

}  // namespace waitlab::client
