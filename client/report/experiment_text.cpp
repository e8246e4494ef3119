#include "client/report/experiment_text.hpp"

#include "client/report/circumstances.hpp"
#include "client/report/figure_text.hpp"
#include "client/report/wording.hpp"
#include "common/text/text_table.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

/// Calls `add` with each metric that has a column: 61 characters in all, the space before each included. Where
/// thresholds were set, the column of who passes takes the room of the last.
void each_column(const ExperimentResult& result, auto add) {
  each_metric([&](Metric metric) {
    const bool gives_way = metric == Metric::switches && !result.thresholds.empty();
    if (metric->column > 0 && !gives_way) add(metric);
  });
}

constexpr std::size_t narrowest_name = 17;
constexpr std::size_t passed_column = Metric::switches->column + 1;

std::vector<TableColumn> columns_of_table(const ExperimentResult& result) {
  std::size_t widest = narrowest_name;
  for (const ExperimentTarget& target : result.targets)
    widest = std::max(widest, target.name.size());
  std::vector<TableColumn> columns{{widest + 1, TableColumn::Side::left}};  // with room for a mark
  if (!result.thresholds.empty()) columns.push_back({passed_column});
  each_column(result, [&](Metric metric) { columns.push_back({metric->column}); });
  return columns;
}

void add_header(TextTable& table, const ExperimentResult& result, std::string_view Figure::*part) {
  std::vector<std::string> cells{""};
  if (!result.thresholds.empty()) cells.emplace_back(part == &Figure::heading ? "pass" : "runs");
  each_column(result, [&](Metric metric) { cells.emplace_back((*metric).*part); });
  table.add(std::move(cells));
}

void add_row(TextTable& table, const ExperimentResult& result, const Cell& cell) {
  const bool marked = !cell.troubles.empty();
  std::vector<std::string> cells{result.targets[cell.target].name + (marked ? "!" : "")};
  if (cell.runs == 0) return table.add(std::move(cells), "  not measured");
  if (!result.thresholds.empty()) cells.push_back(cell.passed ? fmt::format("{}/{}", *cell.passed, cell.runs) : "");
  each_column(result, [&](Metric metric) { cells.push_back(format_median(metric, cell[metric])); });
  table.add(std::move(cells));
}

/// Cells of which runs are left out for the same reason, but for its figures.
struct Trouble {
  std::string kind;  ///< the reason without figures
  std::string text;  ///< that of the first cell
  std::vector<std::string> places;
};

/// "a at 400/s (2 of 3 runs count)".
std::string place_of(const ExperimentResult& result, const Level& level, const Cell& cell) {
  std::string state = fmt::format("{} of {} runs count", cell.runs, result.repeats);
  if (cell.runs == 0) state = "not measured";
  if (!cell.valid) state = "INVALID";
  return fmt::format("{} at {} ({})", result.targets[cell.target].name, format_level(level), state);
}

std::string without_figures(std::string text) {
  std::erase_if(text, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return text;
}

void add_trouble(const ExperimentResult& result, const Level& level, const Cell& cell, std::vector<Trouble>& troubles) {
  if (cell.troubles.empty()) return;
  const std::string kind = without_figures(cell.troubles.front());
  auto same = std::ranges::find(troubles, kind, &Trouble::kind);
  if (same == troubles.end()) same = troubles.insert(same, {.kind = kind, .text = trouble_text(cell), .places = {}});
  same->places.push_back(place_of(result, level, cell));
}

std::string notes(const std::vector<Trouble>& troubles) {
  std::string text;
  for (const Trouble& trouble : troubles)
    text += wrap(fmt::format("! {}: {}", enumerate(trouble.places), trouble.text), terminal_columns);
  return text;
}

}  // namespace

std::string format_table(const ExperimentResult& result, const Comparison& comparison) {
  TextTable table(columns_of_table(result));
  add_header(table, result, &Figure::heading);
  add_header(table, result, &Figure::unit);
  std::vector<Trouble> troubles;
  for (const LevelGroup& group : comparison) {
    table.add_rule(format_level(group.level) + (group.level.loop == Loop::open ? " offered" : ""));
    for (const Cell& cell : group.cells) {
      add_row(table, result, cell);
      add_trouble(result, group.level, cell, troubles);
    }
  }
  return troubles.empty() ? table.text() : table.text() + "\n" + notes(troubles);
}

namespace {

/// "Medians of 3 repeats", or "of 2 to 3 of 3 repeats" where some did not count. Cells without a run have no median.
std::string figures_text(const ExperimentResult& result, const Comparison& comparison) {
  if (result.repeats == 1) return "One repeat";
  unsigned fewest = result.repeats;
  unsigned most = 0;
  for (const LevelGroup& group : comparison) {
    for (const Cell& cell : group.cells) {
      if (cell.runs == 0) continue;
      fewest = std::min(fewest, cell.runs);
      most = std::max(most, cell.runs);
    }
  }
  if (fewest == result.repeats) return fmt::format("Medians of {} repeats", result.repeats);
  const std::string counted = fewest == most ? fmt::to_string(most) : fmt::format("{} to {}", fewest, most);
  return fmt::format("Medians of the repeats that count, {} of {}", counted, result.repeats);
}

std::string circumstances(const ExperimentResult& result, const Comparison& comparison) {
  const std::string figures = figures_text(result, comparison);
  const std::string again = result.made_again > 0 ? " " + made_again_text(result.made_again) + "." : "";
  const std::string load = fmt::format("{}; {}.{}", figures, load_text(result.load), again);
  return wrap(load, terminal_columns) + wrap("CPUs: " + placement_text(result.placement) + ".", terminal_columns);
}

}  // namespace

std::string experiment_text(const ExperimentResult& result, const Comparison& comparison, const Verdict& verdict) {
  std::string text = fmt::format("{}\n\n{}\n{}\n{}", result.title.empty() ? result.name : result.title,
                                 format_table(result, comparison), circumstances(result, comparison),
                                 wrap(verdict.headline, terminal_columns));
  if (!verdict.uncertainty.empty()) text += wrap(verdict.uncertainty, terminal_columns);
  for (const std::string& finding : verdict.findings) {
    text += '\n';
    text += wrap(finding, terminal_columns);
  }
  return text;
}

}  // namespace waitlab::client
