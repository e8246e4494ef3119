#include "client/check/check_text.hpp"

#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

/// Seconds are shown in ms, shares in percent.
double shown(FigureUnit unit, double value) {
  if (unit == FigureUnit::number) return value;
  return value * (unit == FigureUnit::share ? 1e2 : 1e3);
}

/// After the point, so that the figure keeps to its column.
int digits_of(double shown) {
  if (shown < 1) return 3;
  if (shown < 100) return 2;
  return shown < 1000 ? 1 : 0;
}

std::string value_text(FigureUnit unit, double value) {
  const double number = shown(unit, value);
  const char* const name = unit == FigureUnit::number ? "" : unit == FigureUnit::share ? " %" : " ms";
  return fmt::format("{:.{}f}{}", number, digits_of(number), name);
}

std::string value_text(FigureUnit unit, const std::optional<double>& value) {
  return value ? value_text(unit, *value) : "-";
}

std::string band_text(FigureUnit unit, const std::optional<Band>& band) {
  if (!band) return "-";
  const double high = shown(unit, band->high);
  const int digits = digits_of(high);
  return fmt::format("{:.{}f} - {:.{}f}", shown(unit, band->low), digits, high, digits);
}

const char* verdict_text(FindingVerdict verdict) {
  switch (verdict) {
    case FindingVerdict::agrees:
      return "✓ agrees";
    case FindingVerdict::differs:
      return "✗ differs";
    case FindingVerdict::not_judged:
      break;
  }
  return "– not judged";
}

std::string row(const Finding& finding) {
  return fmt::format("{:<10}{:<21}{:>10}{:>10}{:>16} {}\n", finding.law, finding.figure,
                     value_text(finding.unit, finding.predicted), value_text(finding.unit, finding.measured),
                     band_text(finding.unit, finding.tolerance), verdict_text(finding.verdict));
}

/// Each reason once, with the laws it kept from being judged.
std::string reasons(const CheckReport& report) {
  std::vector<std::pair<std::string, std::string>> laws_of;
  for (const Finding& finding : report.findings) {
    if (finding.verdict != FindingVerdict::not_judged) continue;
    if (!laws_of.empty() && laws_of.back().first == finding.why) {
      if (laws_of.back().second.find(finding.law) == std::string::npos) laws_of.back().second += ", " + finding.law;
    } else {
      laws_of.emplace_back(finding.why, finding.law);
    }
  }
  std::string text;
  for (const auto& [why, laws] : laws_of)
    text += wrap(fmt::format("– {} not judged: {}", laws, why), terminal_columns, 2);
  return text;
}

std::string conditions(const CheckReport& report) {
  std::string text;
  for (const Condition& condition : report.conditions) {
    const char* const mark = !condition.met ? "?" : *condition.met ? "✓" : "✗";
    text += wrap(fmt::format("  {} {}", mark, condition.text), terminal_columns, 4);
  }
  return text;
}

}  // namespace

std::string check_text(const CheckReport& report) {
  std::string text = wrap(report.name, terminal_columns) + wrap(report.setting, terminal_columns);
  text += fmt::format("\n{:<10}{:<21}{:>10}{:>10}{:>16} {}\n", "law", "figure", "predicted", "measured", "tolerance",
                      "verdict");
  for (const Finding& finding : report.findings)
    text += row(finding);
  text += reasons(report);
  text += "\nThe laws stand on:\n" + conditions(report);
  for (const std::string& note : report.notes)
    text.append("\n").append(wrap(note, terminal_columns));
  return text;
}

}  // namespace waitlab::client
