#include "client/check/check_output.hpp"

#include "common/json/fields.hpp"
#include "common/text/text_table.hpp"
#include "common/text/wrap.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using form::Json;

constexpr int check_schema_version = 1;
constexpr std::array<std::string_view, 3> verdict_words{"agrees", "differs", "not judged"};
constexpr std::array<std::string_view, 3> unit_words{"seconds", "share", "number"};
constexpr std::array<std::string_view, 4> known_laws{"Little", "replay", "Erlang-C", "M/G/inf"};
constexpr form::Nullable number_or_null{form::number};

}  // namespace

void fields(auto& visit, Of<Band> auto& band) {
  visit.derived("low", form::number, [&] { return band.low; });
  visit.derived("high", form::number, [&] { return band.high; });
}

void fields(auto& visit, Of<Finding> auto& finding) {
  visit.type("finding", "One figure of one law against what was measured.");
  visit.derived("law", form::Choice{known_laws}, [&] { return finding.law; });
  visit.derived("figure", form::text, [&] { return finding.figure; });
  visit.derived("unit", form::Choice{unit_words}, [&] { return finding.unit; });
  visit.derived("predicted", number_or_null, [&] { return finding.predicted; });
  visit.derived("measured", number_or_null, [&] { return finding.measured; });
  visit.derived(
      "tolerance", form::Nullable{form::object}, [&] { return finding.tolerance; },
      "Where the measured figure may lie.");
  visit.derived("verdict", form::Choice{verdict_words}, [&] { return finding.verdict; });
  visit.derived(
      "why", form::text_or_null, [&] { return finding.why; }, "Why it was not judged.");
}

void fields(auto& visit, Of<Condition> auto& condition) {
  visit.type("condition", "Something that a law stands on.");
  visit.derived("text", form::text, [&] { return condition.text; });
  visit.derived("met", form::Nullable{form::flag}, [&] { return condition.met; });
}

void fields(auto& visit, Of<CheckReport> auto& report) {
  visit.type("check");
  visit.derived(
      "name", form::text, [&] { return report.name; }, "The run's file, and which run of it.");
  visit.derived(
      "setting", form::text, [&] { return report.setting; }, "What served the run, and under what load.");
  visit.derived(
      "verdict", form::Choice{verdict_words}, [&] { return report.verdict(); },
      "Differs if any finding does; agrees if at least one was judged.");
  visit.derived("findings", form::ListOf{form::object}, [&] { return report.findings; });
  visit.derived("conditions", form::ListOf{form::object}, [&] { return report.conditions; });
  visit.derived(
      "notes", form::texts, [&] { return report.notes; },
      "What else is worth knowing, and how to make more checks possible.");
}

namespace {

void check_fields(auto& visit, const std::vector<CheckReport>& reports) {
  visit.derived("schema_version", form::Constant{check_schema_version}, [] { return check_schema_version; });
  visit.derived(
      "checks", form::ListOf{form::object}, [&] { return reports; },
      "One for each run, in the order of the command line and of each experiment.");
}

}  // namespace

Json check_json(const std::vector<CheckReport>& reports) {
  Json json = Json::object();
  FieldWriter visit(json);
  check_fields(visit, reports);
  return json;
}

std::string check_schema() {
  Json definitions = Json::object();
  FieldSchema visit(definitions);
  check_fields(visit, {});
  return schema_document("What waitlab-client check found",
                         "Times are in seconds, shares of 1. What is not known is null.", std::move(definitions),
                         visit.take());
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

std::string findings_table(const std::vector<Finding>& findings) {
  constexpr auto left = TableColumn::Side::left;
  TextTable table({{10, left}, {21, left}, {10}, {10}, {16}});
  table.add({"law", "figure", "predicted", "measured", "tolerance"}, " verdict");
  for (const Finding& finding : findings) {
    table.add({std::string(finding.law), std::string(finding.figure), value_text(finding.unit, finding.predicted),
               value_text(finding.unit, finding.measured), band_text(finding.unit, finding.tolerance)},
              std::string(" ") + verdict_text(finding.verdict));
  }
  return table.text();
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
  text += "\n" + findings_table(report.findings) + reasons(report);
  text += "\nThe laws stand on:\n" + conditions(report);
  for (const std::string& note : report.notes)
    text.append("\n").append(wrap(note, terminal_columns));
  return text;
}

}  // namespace waitlab::client
