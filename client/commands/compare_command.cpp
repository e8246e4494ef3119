#include "client/commands/compare_command.hpp"

#include "client/commands/command_line.hpp"
#include "client/commands/commands.hpp"
#include "client/commands/output_file.hpp"
#include "client/commands/result_source.hpp"
#include "client/report/run_comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr const char* what_is_compared = R"(A and B are each a result file of `run --json`, several of them joined by
commas, a folder of them, or FILE#TARGET or FILE#TARGET@LEVEL for runs of an
experiment's result.json. Several results of a side are repeats of the same run.

Figures: {} and mean of the response times of successful
responses, as in experiments; rate, achieved; errors, the share of requests that
failed, timed out or were answered with an error.

Method: the ratio is B's figure to A's. With repeats on both sides, geometric
means over the repeats, and the 95 % confidence interval of their ratio by
Welch's t-test on the logarithms, or Student's where each repeat has one of the
other side with the same seed (--paired expects that). Runs of a side with one
seed had the same arrivals and holds, and count as one. No interval is closer
than those of the runs themselves: order statistics of their percentiles,
corrected for the correlation of neighbouring requests, and combined by MOVER
(Donner & Zou 2012) on the logarithms. With one repeat on a side they are all
there is: variation between runs is not in it. Each interval holds at 95 % by
itself. Sides differ where it excludes 1. No interval is finer than the
resolution of the figures: a histogram bucket (0.1 %) of a time, one request of
a rate or of the errors, on each side. An INVALID run is left out if others of
its side are valid.

Example:
  waitlab-client compare before-1.json,before-2.json,before-3.json after/

Exit codes: 0 compared; 2 wrong usage or file; 3 a run is INVALID.)";

std::string compare_footer() {
  std::vector<std::string_view> percentiles;
  each_quantile(Room::plenty, [&](const Quantile& quantile, std::size_t) { percentiles.push_back(quantile.key); });
  return fmt::format(what_is_compared, fmt::join(percentiles, ", "));
}

std::vector<std::string> figure_names() {
  std::vector<std::string> names;
  each_metric([&](Metric metric) {
    if (!metric->word.empty()) names.emplace_back(metric->word);
  });
  return names;
}

std::vector<Metric> figures_named(const std::vector<std::string>& names) {
  std::vector<Metric> chosen;
  each_metric([&](Metric metric) {
    if (metric->word.empty()) return;
    if (names.empty() || std::ranges::find(names, metric->word) != names.end()) chosen.push_back(metric);
  });
  return chosen;
}

}  // namespace

Result<std::variant<CompareArguments, HelpText>> parse_compare_arguments(int argc, const char* const* argv) {
  CompareArguments arguments;
  std::vector<std::string> names;
  CLI::App app("Compares results A with results B, with confidence intervals.", "waitlab-client compare");
  app.footer(compare_footer());
  app.add_option("A", arguments.a, "Results")->required()->type_name("RESULTS");
  app.add_option("B", arguments.b, "Results to compare with these")->required()->type_name("RESULTS");
  app.add_option("--figure", names, "Only this figure; repeatable")
      ->check(CLI::IsMember(figure_names()).description(""))
      ->allow_extra_args(false)
      ->type_name("NAME");
  app.add_flag("--paired", arguments.paired, "Expect repeats of the same seeds on both sides");
  app.add_option("--json", arguments.json_file, "Write the comparison as JSON; - for stdout")->type_name("FILE");
  const auto help = parse_command_line(app, argc, argv);
  if (!help) return help.error();
  if (*help) return **help;
  arguments.figures = figures_named(names);
  return arguments;
}

namespace {

std::string side_line(char side, const std::string& source, const std::vector<NamedResult>& results) {
  return fmt::format("{}: {} ({} result{})\n", side, source, results.size(), results.size() == 1 ? "" : "s");
}

Result<std::vector<NamedResult>> read_side(const std::string& source, const CommandFiles& files) {
  auto results = read_results(source);
  if (!results) return results;
  for (const NamedResult& named : *results) {
    if (auto kept = files.expect_unwritten(named.file); !kept) return kept.error();
  }
  return results;
}

int run(const CompareArguments& arguments) {
  CommandFiles files;
  auto output = JsonOutput::open(arguments.json_file, files);
  if (!output) return fail(exit_usage, output.error());
  if (auto free = files.use(output->text_stream(), "the text"); !free) return fail(exit_usage, free.error());
  const auto a = read_side(arguments.a, files);
  if (!a) return fail(exit_usage, a.error());
  const auto b = read_side(arguments.b, files);
  if (!b) return fail(exit_usage, b.error());
  const RunComparison comparison = compare_runs(*a, *b);
  if (arguments.paired && !comparison.paired) {
    return fail(exit_usage, {"--paired: A and B have not the same seeds, at least two of them; make both with the same "
                             "'run --seed N --repeat K'"});
  }
  const auto written = output->write(to_json(comparison, arguments.figures));
  const std::string text = "B relative to A: above 1, B's figure is the higher\n" + side_line('A', arguments.a, *a) +
                           side_line('B', arguments.b, *b) + "\n" + to_text(comparison, arguments.figures);
  const auto printed = print_text(output->text_stream(), text);
  for (const auto& told : {written, printed}) {
    if (!told) return fail(exit_could_not_run, told.error());
  }
  return comparison.all_valid ? exit_good : exit_invalid_run;
}

}  // namespace

int compare_command(int argc, char** argv) {
  return run_command_line<CompareArguments>(parse_compare_arguments(argc, argv), run);
}

}  // namespace waitlab::client
