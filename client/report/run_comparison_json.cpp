
#include "client/report/run_comparison.hpp"
#include "common/json/fields.hpp"

#include <array>
#include <utility>

namespace waitlab::client {
namespace {

using form::Json;

constexpr int compare_schema_version = 2;
constexpr std::array<std::string_view, 3> comparison_units{"us", "per_second", "share"};
constexpr form::Nullable ratio_or_null{form::Number{.above = 0}};

std::string_view unit_of(Metric metric) {
  return metric->measure == Measure::time   ? comparison_units[0]
         : metric->measure == Measure::rate ? comparison_units[1]
                                            : comparison_units[2];
}

double in_unit(Metric metric, double value) {
  return metric->measure == Measure::time ? value / 1e3 : value;
}

/// A side of a figure, in the figure's unit.
struct Side {
  double value = 0;
  bool at_least = false;
  std::vector<double> runs{};
};

std::optional<Side> side_of(Metric metric, const std::optional<SideFigure>& figure) {
  if (!figure) return std::nullopt;
  Side side{in_unit(metric, figure->estimate.value), figure->at_least};
  for (const double value : figure->all)
    side.runs.push_back(in_unit(metric, value));
  return side;
}

void fields(auto& visit, Of<Side> auto& side) {
  visit.type("side", "Null where a run has too few samples.");
  visit.derived(
      "value", form::amount, [&] { return side.value; }, "The geometric mean over the repeats.");
  visit.derived(
      "at_least", form::flag, [&] { return side.at_least; }, "Timed-out requests make it a lower bound.");
  visit.derived("runs", form::ListOf{form::amount, 1}, [&] { return side.runs; });
}

/// There is a ratio, or else a reason why not, and then nothing else is said of it.
Json ratio_rule() {
  return {{"if", {{"properties", {{"ratio", {{"type", "null"}}}}}}},
          {"then",
           {{"required", {"why_not"}},
            {"properties",
             {{"low", {{"type", "null"}}}, {"high", {{"type", "null"}}}, {"difference_shown", {{"const", false}}}}}}},
          {"else", {{"not", {{"required", {"why_not"}}}}}}};
}

std::optional<std::string> why_not(const FigureComparison& compared) {
  return compared.why_not.empty() ? std::nullopt : std::optional(compared.why_not);
}

}  // namespace

void fields(auto& visit, Of<FigureComparison> auto& compared) {
  constexpr form::Nullable side{form::object};
  const Estimate ratio = compared.ratio.value_or(Estimate{});
  visit.type("figure");
  visit.derived("unit", form::Choice{comparison_units}, [&] { return unit_of(compared.figure); });
  visit.derived("a", side, [&] { return side_of(compared.figure, compared.a); });
  visit.derived("b", side, [&] { return side_of(compared.figure, compared.b); });
  visit.derived(
      "ratio", ratio_or_null, [&] { return compared.ratio ? std::optional(ratio.value) : std::nullopt; },
      "B's to A's.");
  visit.derived(
      "low", ratio_or_null, [&] { return ratio.low; }, "The ends of its 95 % interval.");
  visit.derived("high", ratio_or_null, [&] { return ratio.high; });
  visit.derived(
      "difference_shown", form::flag, [&] { return compared.difference_shown(); }, "The interval leaves out 1.");
  visit.optional("why_not", form::text, why_not(compared), "Why there is no ratio; only then.");
  visit.rule(ratio_rule);
}

namespace {

void comparison_fields(auto& visit, const RunComparison& comparison, const std::vector<Metric>& figures) {
  visit.derived("schema_version", form::Constant{compare_schema_version}, [] { return compare_schema_version; });
  visit.derived(
      "all_valid", form::flag, [&] { return comparison.all_valid; }, "Whether each run compared is valid.");
  visit.derived(
      "warnings", form::texts, [&] { return comparison.warnings; },
      "Runs that are not valid, given twice, or not of the same load.");
  visit.derived(
      "paired", form::flag, [&] { return comparison.paired; },
      "Whether each repeat of one side has one of the other with the same seed.");
  visit.derived(
      "method", form::text, [&] { return method_of(comparison); }, "How the intervals came about.");
  visit.group(
      "figures",
      [&](auto& of_figures) {
        for (const Metric metric : figures) {
          const auto found = comparison.figures.find(metric);
          const bool compared = found != comparison.figures.end();
          of_figures.optional(std::string(metric->word), form::object,
                              compared ? std::optional(found->second) : std::nullopt, metric->meaning.data());
        }
        of_figures.rule([] { return Json{{"minProperties", 1}}; });
      },
      "Those that were asked for.");
}

}  // namespace

Json to_json(const RunComparison& comparison, const std::vector<Metric>& figures) {
  return form::Members{[&](auto& visit, auto& compared) { comparison_fields(visit, compared, figures); }}.write(
      comparison);
}

std::string compare_schema() {
  std::vector<Metric> all;
  each_metric([&](Metric metric) {
    if (!metric->word.empty()) all.push_back(metric);
  });
  Json definitions = Json::object();
  FieldSchema visit(definitions);
  comparison_fields(visit, RunComparison{}, all);
  return schema_document("A comparison of waitlab-client compare", "", std::move(definitions), visit.take());
}

}  // namespace waitlab::client
