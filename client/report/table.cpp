#include "client/report/table.hpp"

#include "client/report/figures.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace waitlab::client {
namespace {

/// Widths of the columns of `table_metrics`, the space before each included: 61 in all.
constexpr std::array<std::size_t, table_metrics.size()> widths{9, 6, 6, 7, 7, 8, 5, 6, 7};
constexpr std::size_t narrowest_name = 17;

std::size_t name_width(const ExperimentResult& result) {
  std::size_t width = narrowest_name;
  for (const ExperimentTarget& target : result.targets)
    width = std::max(width, target.name.size());
  return width + 1;  // for the mark
}

std::string header(std::size_t names, std::string_view MetricText::*part) {
  std::string line(names, ' ');
  for (std::size_t column = 0; column < widths.size(); ++column) {
    line += fmt::format("{:>{}}", text_of(table_metrics[column]).*part, widths[column]);
  }
  return line + "\n";
}

std::string ruler(const Level& level, std::size_t names) {
  std::size_t width = names;
  for (const std::size_t column : widths)
    width += column;
  const std::string title = fmt::format("-- {}{} ", format_level(level), level.loop == Loop::open ? " offered" : "");
  return title + std::string(width > title.size() ? width - title.size() : 0, '-') + "\n";
}

std::string row(const ExperimentResult& result, const Cell& cell, std::size_t names) {
  const bool marked = !cell.troubles.empty();
  std::string line = fmt::format("{:<{}}", result.targets[cell.target].name + (marked ? "!" : ""), names);
  if (cell.runs == 0) return line + "  not measured\n";
  for (std::size_t column = 0; column < widths.size(); ++column) {
    const Metric metric = table_metrics[column];
    line += fmt::format("{:>{}}", format_median(metric, cell[metric]), widths[column]);
  }
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
  std::string table = header(names, &MetricText::name) + header(names, &MetricText::unit);
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
