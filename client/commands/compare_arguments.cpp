#include "client/commands/compare_arguments.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr const char* compare_footer = R"(A and B are each a result file of `run --json`, several of them joined by
commas, a folder of them, or FILE#TARGET or FILE#TARGET@LEVEL for runs of an
experiment's result.json. Several results of a side are repeats of the same run.

Figures: p50, p90, p99, p999 and mean of the response times; rate, achieved;
errors, the share of requests that failed, timed out or were answered with an
error.

Method: with repeats on both sides, geometric means over the runs, and the 95 %
confidence interval of their ratio by Welch's t-test on the logarithms. With one
run on a side, the order-statistic intervals of its percentiles, corrected for
the correlation of neighbouring requests, combined with the other side's by
MOVER (Donner & Zou 2012) on the logarithms: variation between runs is not in
it. Each interval holds at 95 % by itself. Sides differ where the interval
excludes 1. No interval is finer than the resolution of the figures: a histogram
bucket (0.1 %) of a time, one request of a rate or of the errors, on each side.

Example:
  waitlab-client compare before-1.json,before-2.json,before-3.json after/

Exit codes: 0 compared; 2 wrong usage or file; 3 a run is INVALID.)";

std::vector<std::string> figure_names() {
  std::vector<std::string> names;
  for (const RunFigureText& text : run_figure_texts)
    names.emplace_back(text.key);
  return names;
}

std::vector<RunFigure> figures_named(const std::vector<std::string>& names) {
  std::vector<RunFigure> figures;
  for (std::size_t i = 0; i < run_figure_texts.size(); ++i) {
    const bool named = std::find(names.begin(), names.end(), run_figure_texts[i].key) != names.end();
    if (named || names.empty()) figures.push_back(static_cast<RunFigure>(i));
  }
  return figures;
}

}  // namespace

Result<std::variant<CompareArguments, HelpText>> parse_compare_arguments(int argc, const char* const* argv) {
  CompareArguments arguments;
  std::vector<std::string> names;
  CLI::App app("Compares results A with results B, with confidence intervals.", "waitlab-client compare");
  app.footer(compare_footer);
  app.add_option("A", arguments.a, "Results")->required()->type_name("RESULTS");
  app.add_option("B", arguments.b, "Results to compare them with")->required()->type_name("RESULTS");
  app.add_option("--figure", names, "Only this figure; repeatable")
      ->check(CLI::IsMember(figure_names()).description(""))
      ->allow_extra_args(false)
      ->type_name("NAME");
  app.add_option("--json", arguments.json_file, "Write the comparison as JSON; - for stdout")->type_name("FILE");
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  arguments.figures = figures_named(names);
  return arguments;
}

}  // namespace waitlab::client
