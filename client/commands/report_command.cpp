#include "client/commands/report_command.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/exit_code.hpp"
#include "client/commands/report_arguments.hpp"
#include "client/commands/whole_file.hpp"
#include "client/record/json_place.hpp"
#include "client/record/result_reader.hpp"
#include "client/report/experiment_json.hpp"
#include "client/report/experiment_of_runs.hpp"
#include "client/report/html_report.hpp"
#include "common/config/jsonc.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <optional>

namespace waitlab::client {
namespace {

constexpr int schema_version = 2;

ReportSource source_of(const std::string& name, const ExperimentResult& result) {
  const Comparison comparison = compare(result);
  return {.name = name, .text = experiment_json(result, comparison, judge_experiment(result, comparison)).dump(1)};
}

Result<ReportSource> read_experiment(const JsonDocument& document) {
  std::optional<Failure> failure;
  const JsonPlace root(document, failure);
  if (root["schema_version"].number() != schema_version)
    root["schema_version"].refuse(
        fmt::format("only {} can be read; use the waitlab-client that wrote the file", schema_version));
  if (failure) return *failure;
  return ReportSource{.name = document.name, .text = document.root.dump(1)};
}

/// Results of runs share a page, as if an experiment had made them.
Result<std::vector<ReportSource>> read_sources(const std::vector<std::string>& paths) {
  std::vector<ReportSource> sources;
  std::vector<NamedResult> runs;
  for (const std::string& path : paths) {
    const auto document = read_jsonc(path);
    if (!document) return document.error();
    if (document->root.contains("experiment")) {
      auto source = read_experiment(*document);
      if (!source) return source.error();
      sources.push_back(std::move(*source));
    } else {
      auto run = read_result_file(path);
      if (!run) return run.error();
      runs.push_back({path, std::move(*run)});
    }
  }
  if (runs.empty()) return sources;
  const auto result = experiment_of(runs);
  if (!result) return result.error();
  sources.push_back(source_of(runs.front().name, *result));
  return sources;
}

int run(const ReportArguments& arguments) {
  const auto sources = read_sources(arguments.results);
  if (!sources) return fail(exit_usage, sources.error());
  auto page = WholeFile::open(arguments.out);
  if (!page) return fail(exit_usage, page.error());
  if (auto written = page->write(html_report(*sources)); !written) return fail(exit_could_not_run, written.error());
  fmt::print("Report: {}\n", arguments.out.string());
  return exit_good;
}

}  // namespace

int report_command(int argc, char** argv) {
  return run_command_line<ReportArguments>(parse_report_arguments(argc, argv), run);
}

}  // namespace waitlab::client
