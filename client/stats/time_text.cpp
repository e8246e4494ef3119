#include "client/stats/time_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace waitlab::client {
namespace {

/// In units of so many nanoseconds, to so many decimals.
double rounded(double nanoseconds, double unit, int decimals) {
  const double steps = std::pow(10, decimals);
  return std::round(nanoseconds / (unit / steps)) / steps;
}

}  // namespace

std::string short_time(std::chrono::nanoseconds time) {
  struct Unit {
    double nanoseconds;
    const char* name;
  };
  constexpr std::array<Unit, 3> units{{{1, "ns"}, {1e3, "us"}, {1e6, "ms"}}};
  constexpr double next_unit = 999.5;  // would be printed as 1000
  const auto value = static_cast<double>(time.count());
  for (const Unit& unit : units) {
    const double in_unit = value / unit.nanoseconds;
    const int decimals = in_unit < 9.995 ? 2 : in_unit < 99.95 ? 1 : 0;
    if (in_unit < next_unit) return fmt::format("{:g} {}", rounded(value, unit.nanoseconds, decimals), unit.name);
  }
  const int decimals = value < 100e9 ? 2 : 0;
  return fmt::format("{:.{}f} s", rounded(value, 1e9, decimals), decimals);
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
