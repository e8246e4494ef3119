#include "client/report/table.hpp"

#include "client/report/figure_text.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace waitlab::client {
namespace {

/// Calls `add` with each metric that has a column: 61 characters in all, the space before each included.
void each_column(auto add) {
  each_metric([&](Metric metric) {
    if (metric->column > 0) add(metric);
  });
}

constexpr std::size_t narrowest_name = 17;

std::size_t name_width(const ExperimentResult& result) {
  std::size_t width = narrowest_name;
  for (const ExperimentTarget& target : result.targets)
    width = std::max(width, target.name.size());
  return width + 1;  // for the mark
}

std::string header(std::size_t names, std::string_view Figure::*part) {
  std::string line(names, ' ');
  each_column([&](Metric metric) { line += fmt::format("{:>{}}", (*metric).*part, metric->column); });
  return line + "\n";
}

std::string ruler(const Level& level, std::size_t names) {
  std::size_t width = names;
  each_column([&](Metric metric) { width += metric->column; });
  const std::string title = fmt::format("-- {}{} ", format_level(level), level.loop == Loop::open ? " offered" : "");
  return title + std::string(width > title.size() ? width - title.size() : 0, '-') + "\n";
}

std::string row(const ExperimentResult& result, const Cell& cell, std::size_t names) {
  const bool marked = !cell.troubles.empty();
  std::string line = fmt::format("{:<{}}", result.targets[cell.target].name + (marked ? "!" : ""), names);
  if (cell.runs == 0) return line + "  not measured\n";
  each_column(
      [&](Metric metric) { line += fmt::format("{:>{}}", format_median(metric, cell[metric]), metric->column); });
  return line + "\n";
}

std::string note(const ExperimentResult& result, const Level& level, const Cell& cell) {
  if (cell.troubles.empty()) return {};
  std::string state = fmt::format("{} of {} runs count", cell.runs, result.repeats);
  if (cell.runs == 0) state = "not measured";
  if (!cell.valid) state = "INVALID";
  return wrap(fmt::format("! {} at {}, {}: {}", result.targets[cell.target].name, format_level(level), state,
                          trouble_text(cell)),
              terminal_columns);
}

}  // namespace

std::string format_table(const ExperimentResult& result, const Comparison& comparison) {
  const std::size_t names = name_width(result);
  std::string table = header(names, &Figure::heading) + header(names, &Figure::unit);
  std::string notes;
  for (const LevelGroup& group : comparison) {
    table += ruler(group.level, names);
    for (const Cell& cell : group.cells) {
      table += row(result, cell, names);
      notes += note(result, group.level, cell);
    }
  }
  return notes.empty() ? table : table + "\n" + notes;
}

}  // namespace waitlab::client
