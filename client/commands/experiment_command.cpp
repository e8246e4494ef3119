#include "client/commands/experiment_command.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/interrupt.hpp"
#include "client/commands/output_file.hpp"
#include "client/commands/plan_text.hpp"
#include "client/commands/progress_line.hpp"
#include "client/commands/results_folder.hpp"
#include "client/commands/shipped_experiments.hpp"
#include "client/experiment/plan.hpp"
#include "client/experiment/runner.hpp"
#include "client/experiment/running_target.hpp"
#include "client/experiment/server_program.hpp"
#include "client/experiment/shipped_folder.hpp"
#include "client/report/circumstances.hpp"
#include "client/report/experiment_text.hpp"
#include "client/report/passing.hpp"
#include "common/process/machine.hpp"
#include "common/text/words.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>

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
  arguments.programs = program_folder();
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
  auto* const resume = app.add_option("--resume", arguments.resume, "Run only what is missing in this folder");
  resume->type_name("DIR")->excludes(list, quick, out);
  app.add_flag("--redo-invalid", arguments.redo_invalid, "With --resume: make INVALID runs again, too")->needs(resume);
  app.add_option("--bin", arguments.programs, "Folder of the programs (default: this one's)")->type_name("DIR");
  app.add_flag("--request-logs", arguments.request_logs, "Have each server log its requests, for check");
  app.add_flag("-q,--quiet", arguments.quiet, "No progress");
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  return arguments;
}

namespace {

namespace fs = std::filesystem;

/// An experiment to be run, or to be resumed.
struct PlannedExperiment {
  Experiment experiment;
  std::optional<ExperimentResult> earlier;
  std::vector<PlannedSession> sessions;  ///< that are to be made
};

/// As far as it can be told without starting it.
Result<void> check_target(const ExperimentTarget& target, const Programs& programs) {
  if (target.kind == TargetKind::server) return check_settings(programs.server, target);
  return target.kind == TargetKind::command ? check_command(target) : Result<void>();
}

Result<PlannedExperiment> read_planned(const ExperimentArguments& arguments) {
  std::string file = arguments.file;
  if (!file.empty()) {
    const auto found = find_experiment_file(file, find_shipped_experiments(program_folder()));
    if (!found) return found.error();
    file = found->string();
  }
  PlannedExperiment planned;
  if (arguments.resume.empty()) {
    auto experiment = read_experiment(file, arguments.quick);
    if (!experiment) return experiment.error();
    planned.experiment = std::move(*experiment);
  } else {
    auto earlier = read_earlier_part(arguments.resume, file);
    if (!earlier) return earlier.error();
    planned.experiment = std::move(earlier->experiment);
    planned.earlier = std::move(earlier->result);
    if (arguments.redo_invalid)
      planned.earlier->made_again += static_cast<unsigned>(
          std::erase_if(planned.earlier->runs, [](const ExperimentRun& run) { return !run.load.valid(); }));
    // Of an older build's; where that fails, the next runs' servers tell.
    static_cast<void>(complete_facts(*planned.earlier, arguments.programs / "waitlab-server"));
  }
  planned.experiment.request_logs |= arguments.request_logs;
  planned.sessions = plan_sessions(planned.experiment);
  if (planned.earlier) planned.sessions = without(std::move(planned.sessions), planned.earlier->runs);
  return planned;
}

Result<ExperimentResult> run_with_progress(const PlannedExperiment& planned, ExperimentOptions options,
                                           const fs::path& folder, bool quiet) {
  const Interrupt interrupt;
  options.stop = interrupt.token();
  ExperimentLine line;
  options.on_trouble = [&line](const std::string& trouble) { line.tell(trouble); };
  options.on_kept = [&](const ExperimentResult& result) {
    const auto written = write_whole_file(folder / "result.json", experiment_document(result));
    if (!written) line.tell(written.error().message);
  };
  if (!quiet) {
    const Experiment& experiment = planned.experiment;
    line.tell(fmt::format("{}: {}\n{}", experiment.name, extent_text(experiment, planned.sessions),
                          placement_text(options.placement)));
    options.on_progress = [&line](const ExperimentProgress& progress) { line.show(progress); };
  }
  return run_experiment(planned.experiment, options);
}

/// How to get what is missing, if anything is.
std::string resume_text(const ExperimentResult& result, const fs::path& folder) {
  if (result.missing.empty()) return {};
  const std::size_t all = result.runs.size() + result.missing.size();
  return fmt::format("\n{}{} of {} runs were made. To make the others{}:\n  waitlab-client experiment --resume {}\n",
                     result.interrupted ? "Interrupted: " : "", result.runs.size(), all,
                     result.interrupted ? "" : ", once what is wrong is put right", shell_word(folder.string()));
}

/// Writes both files of the results and prints the comparison, even if one of them can't be written.
Result<void> report(const ExperimentResult& result, const fs::path& folder) {
  const Comparison comparison = compare(result);
  const Verdict verdict = judge_experiment(result, comparison);
  const auto written = write_results(result, folder);
  const auto printed =
      print_text(stdout, fmt::format("{}\nReport:  {}\nFigures: {}\n{}", experiment_text(result, comparison, verdict),
                                     (folder / "report.html").string(), (folder / "result.json").string(),
                                     resume_text(result, folder)));
  return written ? printed : written;
}

ExitCode exit_code_of(const ExperimentResult& result) {
  if (!result.missing.empty()) return exit_could_not_run;
  const bool valid = std::ranges::all_of(result.runs, [](const ExperimentRun& run) { return run.load.valid(); });
  if (!valid) return exit_invalid_run;
  return somebody_passes(result, compare(result)) ? exit_good : exit_threshold_missed;
}

/// Where the results go, and in it the logs of this part.
struct Folders {
  fs::path results;
  fs::path logs;
};

Result<Folders> make_folders(const ExperimentArguments& arguments, const PlannedExperiment& planned) {
  if (planned.earlier) {
    const auto logs = make_next_logs_folder(arguments.resume);
    return logs ? Result<Folders>(Folders{arguments.resume, *logs}) : logs.error();
  }
  const auto results = make_results_folder(arguments.out, planned.experiment.name);
  return results ? Result<Folders>(Folders{*results, *results / "logs"}) : results.error();
}

int run(const ExperimentArguments& arguments, const PlannedExperiment& planned, const Programs& programs) {
  if (auto open = expect_stdout(); !open) return fail(exit_could_not_run, open.error());
  ExperimentOptions options;
  options.programs = programs;
  options.machine = describe_machine();
  options.placement = place(usable_cpus());
  options.earlier = planned.earlier;
  if (options.earlier) {
    const auto same = expect_same_conditions(*options.earlier, options.machine, options.placement);
    if (!same) return fail(exit_usage, same.error());
  }
  if (auto pinned = run_on_cpus(options.placement.client_and_backend); !pinned)
    return fail(exit_could_not_run, pinned.error());
  const auto folders = make_folders(arguments, planned);
  if (!folders) return fail(exit_usage, folders.error());
  if (const auto room = WholeFile::open((folders->results / "result.json").string()); !room)
    return fail(exit_usage, room.error());
  options.logs = folders->logs;
  const auto result = run_with_progress(planned, options, folders->results, arguments.quiet);
  remove_empty_files(options.logs);
  if (!result) return fail(exit_could_not_run, result.error());
  if (auto reported = report(*result, folders->results); !reported) return fail(exit_could_not_run, reported.error());
  return exit_code_of(*result);
}

int list_experiments() {
  const auto folder = find_shipped_experiments(program_folder());
  if (!folder) return fail(exit_could_not_run, folder.error());
  fmt::print("{}", shipped_experiments_text(*folder));
  return exit_good;
}

int run(const ExperimentArguments& arguments) {
  if (arguments.list || (arguments.file.empty() && arguments.resume.empty())) return list_experiments();
  const auto planned = read_planned(arguments);
  if (!planned) return fail(exit_usage, planned.error());
  const auto programs = find_programs(arguments.programs);
  if (!programs) return fail(exit_could_not_run, programs.error());
  for (const ExperimentTarget& target : planned->experiment.targets) {
    if (auto checked = check_target(target, *programs); !checked) return fail(exit_usage, checked.error());
  }
  if (planned->earlier && planned->sessions.empty()) {
    fmt::print("{} has all of its runs; there is nothing left to do.\n", arguments.resume.string());
    return exit_code_of(*planned->earlier);
  }
  if (!arguments.dry_run) return run(arguments, *planned, *programs);
  fmt::print("{}", plan_text(planned->experiment, planned->sessions));
  return exit_good;
}

}  // namespace

int experiment_command(int argc, char** argv) {
  return run_command_line<ExperimentArguments>(parse_experiment_arguments(argc, argv), run);
}

}  // namespace waitlab::client
