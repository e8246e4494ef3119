#include "client/commands/report_arguments.hpp"

#include "client/commands/results_folder.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

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

}  // namespace waitlab::client
