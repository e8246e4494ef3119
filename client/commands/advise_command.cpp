#include "client/advice/advice_text.hpp"
#include "client/commands/advise_arguments.hpp"
#include "client/commands/advise_report.hpp"
#include "client/commands/advise_verification.hpp"
#include "client/commands/command_line.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/interrupt.hpp"
#include "client/commands/output_file.hpp"
#include "client/commands/plan_text.hpp"
#include "client/commands/progress_line.hpp"
#include "client/commands/results_folder.hpp"
#include "client/experiment/plan.hpp"
#include "client/experiment/runner.hpp"
#include "client/experiment/running_target.hpp"
#include "client/experiment/server_program.hpp"
#include "client/report/circumstances.hpp"
#include "client/report/comparison.hpp"
#include "client/report/experiment_text.hpp"
#include "common/process/machine.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

namespace fs = std::filesystem;

/// How trying the advice out ended.
struct TriedOut {
  ExitCode code = exit_good;
  std::optional<Verification> verification{};
  std::string text{};  ///< the table and the sentence
};

Result<ExperimentResult> run_trial(const Experiment& experiment, ExperimentOptions options, bool quiet) {
  const Interrupt interrupt;
  options.stop = interrupt.token();
  ExperimentLine line;
  options.on_trouble = [&line](const std::string& trouble) { line.tell(trouble); };
  if (!quiet) {
    line.tell(fmt::format("{}: {}\n{}", experiment.name, extent_text(experiment, plan_sessions(experiment)),
                          placement_text(options.placement)));
    options.on_progress = [&line](const ExperimentProgress& progress) { line.show(progress); };
  }
  return run_experiment(experiment, options);
}

ExitCode exit_code_of(const ExperimentResult& result, const Verification& verification) {
  if (!result.missing.empty()) return exit_could_not_run;
  if (!verification.known()) return exit_invalid_run;
  for (const TriedServer& server : verification.servers)
    if (server.runs == 0) return exit_invalid_run;
  return verification.held() ? exit_good : exit_threshold_missed;
}

Result<TriedOut> try_out(const AdviseArguments& arguments, const Advice& advice) {
  const auto programs = find_programs(arguments.programs);
  if (!programs) return programs.error();
  ExperimentOptions options;
  options.programs = *programs;
  options.machine = describe_machine();
  options.placement = place(usable_cpus());
  if (auto possible = expect_verifiable(advice, options.placement); !possible) return possible.error();
  const auto folder = make_results_folder(arguments.out, "advise");
  if (!folder) return folder.error();
  const std::string text = verification_experiment(advice);
  const fs::path file = *folder / "advise.jsonc";
  if (auto written = write_whole_file(file.string(), text + "\n"); !written) return written.error();
  const auto experiment = read_experiment(file.string(), arguments.quick);
  if (!experiment) return experiment.error();
  if (auto pinned = run_on_cpus(options.placement.client_and_backend); !pinned) return pinned.error();
  options.logs = *folder / "logs";
  const auto result = run_trial(*experiment, options, arguments.quiet);
  remove_empty_files(options.logs);
  if (!result) return result.error();
  if (auto written = write_results(*result, *folder); !written) return written.error();
  TriedOut trial;
  trial.verification = judge_verification(advice, *result);
  trial.code = exit_code_of(*result, *trial.verification);
  trial.text = fmt::format("\n{}\n{}\nReport:  {}\n", format_table(*result, compare(*result)),
                           wrap(trial.verification->sentence, terminal_columns), (*folder / "report.html").string());
  return trial;
}

/// The server's program knows the names, and which strategy is what.
Result<AdvisedStrategies> find_strategies(const fs::path& programs) {
  const auto known = ask_strategies(programs / "waitlab-server");
  if (!known) return known.error();
  std::vector<NamedStrategy> named;
  for (const auto& [name, facts] : *known)
    named.push_back({.name = name, .facts = facts});
  return choose_strategies(named);
}

int run(const AdviseArguments& arguments) {
  CommandFiles files;
  auto json = JsonOutput::open(arguments.json_file, files);
  if (!json) return fail(exit_usage, json.error());
  std::FILE* const out = json->text_stream();
  if (auto free = files.use(out, "the text"); !free) return fail(exit_usage, free.error());
  const auto strategies = find_strategies(arguments.programs);
  if (!strategies) return fail(exit_could_not_run, strategies.error());
  AdviceLoad load = arguments.load;
  load.strategies = *strategies;
  AdviseReport report{.command = arguments.command, .advice = advise(load)};
  if (auto printed = print_text(out, advice_text(report.advice, report.command)); !printed)
    return fail(exit_could_not_run, printed.error());
  ExitCode code = exit_good;
  std::optional<Failure> untried;
  if (arguments.verify && report.advice.kind) {
    auto trial = try_out(arguments, report.advice);
    if (!trial) {
      untried = trial.error();
    } else {
      code = trial->code;
      report.verification = std::move(trial->verification);
      if (auto printed = print_text(out, trial->text); !printed) untried = printed.error();
    }
  }
  if (auto written = json->write(to_json(report)); !written) untried = written.error();
  return untried ? fail(exit_could_not_run, *untried) : code;
}

}  // namespace

int advise_command(int argc, char** argv) {
  return run_command_line<AdviseArguments>(parse_advise_arguments(argc, argv), run);
}

}  // namespace waitlab::client
