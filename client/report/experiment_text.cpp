#include "client/report/experiment_text.hpp"

#include "client/report/circumstances.hpp"
#include "client/report/table.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace waitlab::client {
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
  const std::string load = fmt::format("{}; {}.", figures, load_text(result.load));
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
