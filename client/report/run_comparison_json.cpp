#include "client/report/run_comparison_json.hpp"

#include "client/report/run_comparison_text.hpp"
#include "common/json/or_null.hpp"

#include <nlohmann/json.hpp>

namespace waitlab::client {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema_version = 1;

Json side_json(const std::optional<SideFigure>& side, double per_unit) {
  if (!side) return nullptr;
  Json runs = Json::array();
  for (const double value : side->all)
    runs.push_back(value / per_unit);
  return {{"value", side->estimate.value / per_unit}, {"at_least", side->at_least}, {"runs", std::move(runs)}};
}

Json figure_json(const FigureComparison& compared) {
  const std::string_view unit = text_of(compared.figure).unit;
  const double per_unit = unit == "us" ? 1e3 : 1;
  const Estimate ratio = compared.ratio.value_or(Estimate{});
  Json json{{"unit", unit},
            {"a", side_json(compared.a, per_unit)},
            {"b", side_json(compared.b, per_unit)},
            {"ratio", compared.ratio ? Json(ratio.value) : Json(nullptr)},
            {"low", or_null(ratio.low)},
            {"high", or_null(ratio.high)},
            {"difference_shown", compared.difference_shown()}};
  if (!compared.why_not.empty()) json["why_not"] = compared.why_not;
  return json;
}

}  // namespace

nlohmann::ordered_json to_json(const RunComparison& comparison, const std::vector<RunFigure>& figures) {
  Json json{{"schema_version", schema_version},
            {"all_valid", comparison.all_valid},
            {"warnings", comparison.warnings},
            {"method", method_of(comparison)}};
  for (const RunFigure figure : figures)
    json["figures"][std::string(text_of(figure).key)] = figure_json(comparison[figure]);
  return json;
}

}  // namespace waitlab::client
