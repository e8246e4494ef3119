#include "client/commands/report_command.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/output_file.hpp"
#include "client/commands/results_folder.hpp"
#include "client/experiment/server_program.hpp"
#include "client/format/result_document.hpp"
#include "client/format/result_json.hpp"
#include "client/report/experiment_json.hpp"
#include "client/report/experiment_of_runs.hpp"
#include "client/report/html_report.hpp"
#include "common/process/standard_streams.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr const char* report_footer = R"(The page is one self-contained file that works offline. Several results are
overlaid and marked with letters in the order they are given: an experiment
before and after a change, or on two machines. Results of run --json are shown
like those of an experiment.

Examples:
  waitlab-client report results/pool-size-20260102-030405
  waitlab-client report before/result.json after/result.json -o both.html

Exit codes: 0 good; 1 could not write; 2 wrong usage or file.)";

}  // namespace

Result<std::variant<ReportArguments, HelpText>> parse_report_arguments(int argc, const char* const* argv) {
  ReportArguments arguments;
  CLI::App app("Renders the report of an experiment from its result.json or folder.", "waitlab-client report");
  app.footer(report_footer);
  app.add_option("results", arguments.results, "Results of experiments or runs")->required()->type_name("RESULT");
  app.add_option("-o,--out", arguments.out, "The page (default: report.html beside RESULT)")->type_name("FILE");
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  std::ranges::transform(arguments.results, arguments.results.begin(), result_of_word);
  if (!arguments.out.empty()) return arguments;
  if (arguments.results.size() > 1)
    return Failure{"a page of several results belongs to none of them; give it a file with -o"};
  arguments.out = std::filesystem::path(arguments.results.front()).parent_path() / "report.html";
  return arguments;
}

namespace {

/// What a page is made of, and how people call it.
struct NamedExperiment {
  std::string name;
  ExperimentResult result;
};

Result<void> add_runs(const std::vector<NamedResult>& runs, std::vector<NamedExperiment>& experiments) {
  if (runs.empty()) return {};
  auto result = experiment_of(runs);
  if (!result) return result.error();
  experiments.push_back({runs.front().name, std::move(*result)});
  return {};
}

/// Of a result that is older than the facts of strategies, what the page says of them is asked now.
Result<ExperimentResult> read_with_facts(const std::string& path) {
  auto result = read_experiment_result(path);
  if (!result) return result;
  if (auto completed = complete_facts(*result, program_folder() / "waitlab-server"); !completed) {
    say(fmt::format(
        "waitlab-client: {} does not tell what its strategies are, and its report lacks what theory expects "
        "of them: {}\n",
        path, completed.error().message));
  }
  return result;
}

/// Results of runs share a place on the page, as if an experiment had made them.
Result<std::vector<NamedExperiment>> read_experiments(const std::vector<std::string>& paths) {
  std::vector<NamedExperiment> experiments;
  std::vector<NamedResult> runs;
  for (const std::string& path : paths) {
    const auto document = read_result_document(path);
    if (!document) return document.error();
    if (document->root.contains("experiment")) {
      auto result = read_with_facts(path);
      if (!result) return result.error();
      experiments.push_back({path, std::move(*result)});
    } else {
      auto run = read_result_file(path);
      if (!run) return run.error();
      runs.push_back({path, std::move(*run)});
    }
  }
  if (auto added = add_runs(runs, experiments); !added) return added.error();
  return experiments;
}

Result<std::vector<ReportSource>> read_sources(const std::vector<std::string>& paths) {
  const auto experiments = read_experiments(paths);
  if (!experiments) return experiments.error();
  std::vector<ReportSource> sources;
  for (const NamedExperiment& experiment : *experiments) {
    const NamedExperiment& first = experiments->front();
    const auto same =
        expect_same_loop(first.name, first.result.load.loop, experiment.name, experiment.result.load.loop);
    if (!same) return same.error();
    // What follows from the runs is drawn as it follows today, whatever the file says.
    sources.push_back(report_source(experiment.name, experiment.result));
  }
  return sources;
}

int run(const ReportArguments& arguments) {
  // First, as the page is put beside them where nothing else is said.
  const auto sources = read_sources(arguments.results);
  if (!sources) return fail(exit_usage, sources.error());
  CommandFiles files;
  auto page = files.open("--out", arguments.out.string());
  if (!page) return fail(exit_usage, page.error());
  if (auto free = files.use(stdout, "the text"); !free) return fail(exit_usage, free.error());
  if (auto kept = files.expect_unwritten(arguments.results); !kept) return fail(exit_usage, kept.error());
  const auto written = page->write(html_report(*sources));
  if (!written) return fail(exit_could_not_run, written.error());
  fmt::print("Report: {}\n", arguments.out.string());
  return exit_good;
}

}  // namespace

int report_command(int argc, char** argv) {
  return run_command_line<ReportArguments>(parse_report_arguments(argc, argv), run);
}

}  // namespace waitlab::client
