#include "client/report/figure_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace waitlab::client {
namespace {

/// One decimal below 100, none above.
std::string short_number(double value) {
  return fmt::format("{:.{}f}", value, std::abs(value) < 99.95 ? 1 : 0);
}

}  // namespace

std::string format_value(Metric metric, double value) {
  if (metric->is_whole()) return fmt::format("{:.0f}", value);
  if (metric->measure == Measure::share) return value == 0 ? "0" : fmt::format("{:.1f}", value);
  return short_number(value);
}

std::string format_median(Metric metric, const std::optional<Spread>& spread) {
  if (!spread) return "-";
  return fmt::format("{}{}", spread->at_least ? ">" : "", format_value(metric, spread->median));
}

std::string format_range(Metric metric, const std::optional<Spread>& spread) {
  if (!spread) return {};
  const std::string low = format_value(metric, spread->min);
  const std::string high = format_value(metric, spread->max);
  return low == high ? std::string() : fmt::format("{}–{}", low, high);
}

std::string format_level(const Level& level) {
  if (level.loop == Loop::open) return fmt::format("{:g}/s", level.value);
  return fmt::format("{:g} connection{}", level.value, level.value == 1 ? "" : "s");
}

}  // namespace waitlab::client
