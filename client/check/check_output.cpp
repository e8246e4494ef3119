#include "client/check/check_output.hpp"

#include "common/json/or_null.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using Json = nlohmann::ordered_json;

constexpr int check_schema_version = 1;

const char* name(FindingVerdict verdict) {
  switch (verdict) {
    case FindingVerdict::agrees:
      return "agrees";
    case FindingVerdict::differs:
      return "differs";
    case FindingVerdict::not_judged:
      break;
  }
  return "not judged";
}

const char* name(FigureUnit unit) {
  switch (unit) {
    case FigureUnit::seconds:
      return "seconds";
    case FigureUnit::share:
      return "share";
    case FigureUnit::number:
      break;
  }
  return "number";
}

Json finding_json(const Finding& finding) {
  Json json = {{"law", finding.law},
               {"figure", finding.figure},
               {"unit", name(finding.unit)},
               {"predicted", or_null(finding.predicted)},
               {"measured", or_null(finding.measured)}};
  json["tolerance"] = nullptr;
  if (finding.tolerance) json["tolerance"] = {{"low", finding.tolerance->low}, {"high", finding.tolerance->high}};
  json["verdict"] = name(finding.verdict);
  json["why"] = finding.why.empty() ? Json(nullptr) : Json(finding.why);
  return json;
}

Json report_json(const CheckReport& report) {
  Json json = {{"name", report.name}, {"setting", report.setting}, {"verdict", name(report.verdict())}};
  json["findings"] = Json::array();
  for (const Finding& finding : report.findings)
    json["findings"].push_back(finding_json(finding));
  json["conditions"] = Json::array();
  for (const Condition& condition : report.conditions)
    json["conditions"].push_back({{"text", condition.text}, {"met", or_null(condition.met)}});
  json["notes"] = report.notes;
  return json;
}

}  // namespace

nlohmann::ordered_json check_json(const std::vector<CheckReport>& reports) {
  Json json = {{"schema_version", check_schema_version}, {"checks", Json::array()}};
  for (const CheckReport& report : reports)
    json["checks"].push_back(report_json(report));
  return json;
}

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
