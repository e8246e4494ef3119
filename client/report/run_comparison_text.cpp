#include "client/report/run_comparison.hpp"

#include "client/stats/time_text.hpp"
#include "common/text/text_table.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace waitlab::client {
namespace {

std::string value_text(Metric figure, double value) {
  if (figure->measure == Measure::rate) return fmt::format("{:.1f}/s", value);
  if (figure->measure == Measure::share) return fmt::format("{:.3g} %", value * 100);
  return short_time(std::chrono::nanoseconds(std::llround(value)));
}

std::string side_text(Metric figure, const std::optional<SideFigure>& side) {
  if (!side) return "-";
  return (side->at_least ? "> " : "") + value_text(figure, side->estimate.value);
}

/// As many as half of the interval's width deserves, and no fewer than it takes to see which side of 1 its ends are on.
int decimals_of(const Estimate& ratio) {
  constexpr int most = 6;
  const double half = std::max(ratio.value - ratio.low.value_or(0), ratio.high.value_or(2 * ratio.value) - ratio.value);
  if (half <= 0) return 2;
  int decimals = half >= 1 && ratio.value >= 10 ? 0 : 1;
  while (decimals < most && std::pow(10, -decimals) > half)
    ++decimals;
  return decimals_off_one(ratio, decimals);
}

std::string end_text(const std::optional<double>& end, int decimals) {
  return end ? fmt::format("{:.{}f}", *end, decimals) : "?";
}

std::string ratio_text(const Estimate& ratio) {
  const int decimals = decimals_of(ratio);
  return fmt::format("{:.{}f} × ({}–{})", ratio.value, decimals, end_text(ratio.low, decimals),
                     end_text(ratio.high, decimals));
}

}  // namespace

std::string finding_of(const FigureComparison& compared) {
  if (!compared.ratio) return compared.why_not;
  const Estimate& ratio = *compared.ratio;
  if (!ratio.low && !ratio.high) return fmt::format("{:#.3g} ×, without an interval: repeat the runs", ratio.value);
  if (!compared.difference_shown()) return "no difference shown: " + ratio_text(ratio);
  return fmt::format("B's {} is {} A's", compared.figure->name, ratio_text(ratio));
}

std::string method_of(const RunComparison& comparison) {
  const std::string times = "Times are of successful responses, and time-outs count as at least as long. ";
  if (comparison.repeated) {
    return fmt::format(
        "{}Figures are geometric means over the repeats. In brackets is the 95 % interval of their ratio: {} on the "
        "logarithms, and no closer than the requests of the runs themselves allow.",
        times, comparison.paired ? "Student's t-interval of pairs with the same seed" : "Welch's t-interval");
  }
  return times +
         "In brackets is the 95 % interval of the ratio, from the intervals of both sides by MOVER on the logarithms. "
         "A "
         "side of one repeat has the interval of its own requests: it says nothing about how much runs differ from one "
         "another. To find out, repeat each run with other seeds, as run --repeat 5 does.";
}

std::string to_text(const RunComparison& comparison, const std::vector<Metric>& figures) {
  std::string text;
  for (const std::string& warning : comparison.warnings)
    text += wrap("! " + warning, terminal_columns, 2);
  if (!text.empty()) text += "\n";
  TextTable table({{12, TableColumn::Side::left}, {10}, {11}});
  table.add({"", "A", "B"});
  for (const Metric figure : figures) {
    const FigureComparison& compared = comparison[figure];
    table.add({std::string(figure->name), side_text(figure, compared.a), side_text(figure, compared.b)},
              "  " + finding_of(compared));
  }
  return text + table.text() + "\n" + wrap(method_of(comparison), terminal_columns);
}

}  // namespace waitlab::client
