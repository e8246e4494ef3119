#include "client/check/check_json.hpp"
#include "common/json/or_null.hpp"

#include <nlohmann/json.hpp>

namespace waitlab::client {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema_version = 1;

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
  Json json = {{"schema_version", schema_version}, {"checks", Json::array()}};
  for (const CheckReport& report : reports)
    json["checks"].push_back(report_json(report));
  return json;
}

}  // namespace waitlab::client
