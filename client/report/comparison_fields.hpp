#pragma once

#include "client/report/comparison.hpp"
#include "client/report/theory.hpp"
#include "client/report/verdict.hpp"
#include "common/json/fields.hpp"

#include <chrono>
#include <string>
#include <vector>

/// What of an experiment's result follows from its runs: the descriptions (common/json/fields.hpp), for writing alone.
namespace waitlab::client {

struct CurveForm {
  form::Json write(const PercentileCurve& curve) const {
    form::Json json = form::Json::array();
    for (const CurvePoint& point : curve)
      json.push_back({100 * point.quantile, form::in_us.write(point.time)});
    return json;
  }
  template <class>
  form::Json schema(form::Json&) const {
    return {{"type", "array"},
            {"items",
             {{"type", "array"},
              {"prefixItems", {form::number.schema(), form::number.schema()}},
              {"minItems", 2},
              {"maxItems", 2}}}};
  }
};

void fields(auto& visit, Of<Verdict> auto& verdict) {
  visit.derived("headline", form::text, [&] { return verdict.headline; });
  visit.derived("uncertainty", form::text, [&] { return verdict.uncertainty; });
  visit.derived("findings", form::texts, [&] { return verdict.findings; });
}

void fields(auto& visit, Of<Spread> auto& spread) {
  visit.type("spread", "A figure over the repeats that have it.");
  visit.derived("runs", form::Count{1}, [&] { return spread.runs; });
  visit.derived("median", form::number, [&] { return spread.median; });
  visit.derived("min", form::number, [&] { return spread.min; });
  visit.derived("max", form::number, [&] { return spread.max; });
  visit.derived(
      "at_least", form::flag, [&] { return spread.at_least; },
      "Time-outs or the moments of looking make it a lower bound.");
}

struct SplitOfCell {
  SplitMean mean;
  std::optional<double> backend_hold_ns;
};

void fields(auto& visit, Of<SplitOfCell> auto& split) {
  for (std::size_t part = 0; part < part_names.size(); ++part)
    visit.derived(part_names[part], form::amount, [&split, part] { return split.mean.part_ns[part] / 1e6; });
  visit.derived(
      "backend_hold", form::amount_or_null,
      [&] { return split.backend_hold_ns ? std::optional(*split.backend_hold_ns / 1e6) : std::nullopt; },
      "The part of `backend` during which the backend held the request, by its own log; null where that is "
      "not known.");
}

/// A cell of the comparison, and where it stands.
struct PlacedCell {
  std::string target;
  double level = 0;
  Cell cell;
};

inline std::vector<PlacedCell> placed(const ExperimentResult& result, const Comparison& comparison) {
  std::vector<PlacedCell> cells;
  for (const LevelGroup& group : comparison) {
    for (const Cell& cell : group.cells)
      cells.push_back({result.targets[cell.target].name, group.level.value, cell});
  }
  return cells;
}

inline std::optional<SplitOfCell> split_of(const Cell& cell) {
  if (!cell.split) return std::nullopt;
  return SplitOfCell{*cell.split, cell.backend_hold_ns};
}

void fields(auto& visit, Of<PlacedCell> auto& placed_cell) {
  const Cell& cell = placed_cell.cell;
  visit.type("cell", "One target at one level. Percentiles are of good answers, and of time-outs as lower bounds.");
  visit.derived("target", form::text, [&] { return placed_cell.target; });
  visit.derived("level", form::number, [&] { return placed_cell.level; });
  visit.derived(
      "runs", form::count, [&] { return cell.runs; }, "That the figures are of.");
  visit.derived(
      "valid", form::flag, [&] { return cell.valid; }, "False: every run was invalid, and the figures are theirs.");
  visit.derived(
      "troubles", form::texts, [&] { return cell.troubles; }, "Why runs are missing or left out.");
  visit.derived_younger(
      "passed_runs", form::count_or_null, [&] { return cell.passed; },
      "How many of these runs met every threshold; null if none was set, or no run is valid.");
  each_metric([&](Metric metric) {
    if (!is_of_experiments(metric)) return;
    visit.derived_younger(
        metric->key(), form::Nullable{form::object}, [&cell, metric] { return cell[metric]; }, metric->meaning.data());
  });
  visit.derived(
      "curve", CurveForm{}, [&] { return cell.curve; },
      "Percentile and response time in microseconds, of the good answers of all its runs together.");
  visit.derived(
      "split_ms", form::Nullable{form::object}, [&] { return split_of(cell); },
      "Mean parts of the response time of the good answers; null where there are none.");
}

inline double ms(Seconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

/// What theory says of the target of this name.
struct NamedTheory {
  std::string target;
  Theory theory;
};

inline std::vector<NamedTheory> theories_of(const ExperimentResult& result, const Comparison& comparison) {
  std::vector<NamedTheory> theories;
  for (Theory& theory : theory_of(result, comparison))
    theories.push_back({result.targets[theory.target].name, std::move(theory)});
  return theories;
}

void fields(auto& visit, Of<NamedTheory> auto& named) {
  const Theory& theory = named.theory;
  visit.type("theory");
  visit.derived("target", form::text, [&] { return named.target; });
  visit.derived("law", form::Choice{theory_laws}, [&] { return theory.law; });
  visit.derived(
      "servers", form::count_or_null, [&] { return theory.line.servers; }, "Null: without a limit.");
  visit.derived(
      "room", form::count_or_null, [&] { return theory.line.room; },
      "Places to wait beside those. Null: without a limit.");
  visit.derived(
      "calls", form::Count{1}, [&] { return theory.line.calls; }, "Of the backend, by one request at once.");
  visit.derived("mean_hold_ms", form::amount, [&] { return ms(theory.line.hold); });
  visit.derived("capacity_per_s", form::amount_or_null, [&] { return theory.capacity(); });
  visit.derived("goetz_threads", form::amount_or_null, [&] { return theory.goetz; });
  visit.derived("curve", form::ListOf{form::object}, [&] { return theory.curve; });
}

void fields(auto& visit, Of<TheoryPoint> auto& point) {
  visit.derived("rate", form::amount, [&] { return point.rate; });
  visit.derived("mean_ms", form::amount, [&] { return ms(point.mean); });
  for (std::size_t i = 0; i < shown_quantiles.size(); ++i) {
    visit.derived_younger(std::string(shown_quantiles[i].key) + "_ms", form::amount,
                          [&point, i] { return ms(point.percentiles[i]); });
  }
}

}  // namespace waitlab::client
