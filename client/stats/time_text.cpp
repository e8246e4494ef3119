#include "client/stats/time_text.hpp"

#include <fmt/format.h>

#include <array>

namespace waitlab::client {

std::string short_time(std::chrono::nanoseconds time) {
  struct Unit {
    double nanoseconds;
    const char* name;
  };
  constexpr std::array<Unit, 3> units{{{1, "ns"}, {1e3, "us"}, {1e6, "ms"}}};
  constexpr double next_unit = 999.5;  // would be printed as 1000
  const auto value = static_cast<double>(time.count());
  for (const Unit& unit : units) {
    if (value / unit.nanoseconds < next_unit) return fmt::format("{:.3g} {}", value / unit.nanoseconds, unit.name);
  }
  return fmt::format("{:.{}f} s", value / 1e9, value < 100e9 ? 2 : 0);
}

std::string short_time(const TimeFigure& figure) {
  if (!figure.value) return "-";
  return (figure.at_least ? "> " : "") + short_time(*figure.value);
}

std::string interval_text(const TimeFigure& figure) {
  if (!figure.low && !figure.high) return "";
  const std::string low = figure.low ? short_time(*figure.low) : "?";
  const std::string high = figure.high ? short_time(*figure.high) : "?";
  const auto unit = low.find(' ');
  const bool unit_told_by_high = unit != std::string::npos && high.ends_with(low.substr(unit));
  return fmt::format("{} - {}", unit_told_by_high ? low.substr(0, unit) : low, high);
}

}  // namespace waitlab::client
