#include "client/report/experiment_text.hpp"

#include "client/report/circumstances.hpp"
#include "client/report/table.hpp"
#include "client/report/wrap.hpp"
#include "common/config/units.hpp"

#include <fmt/format.h>

namespace waitlab::client {
namespace {

std::string circumstances(const ExperimentResult& result) {
  const std::string figures = result.repeats > 1 ? fmt::format("Medians of {} repeats", result.repeats) : "One repeat";
  const std::string load = fmt::format("{}; {} arrivals, {} each after {} of warm-up.", figures, result.arrivals,
                                       format_duration(result.duration), format_duration(result.warmup));
  return wrap(load, terminal_columns) + wrap("CPUs: " + placement_text(result.placement) + ".", terminal_columns);
}

}  // namespace

std::string experiment_text(const ExperimentResult& result, const Comparison& comparison, const Verdict& verdict) {
  std::string text =
      fmt::format("{}\n\n{}\n{}\n{}", result.title.empty() ? result.name : result.title,
                  format_table(result, comparison), circumstances(result), wrap(verdict.headline, terminal_columns));
  for (const std::string& finding : verdict.findings) {
    text += '\n';
    text += wrap(finding, terminal_columns);
  }
  return text;
}

}  // namespace waitlab::client
