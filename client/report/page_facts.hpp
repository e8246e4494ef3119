#pragma once

#include "client/report/theory.hpp"

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace waitlab::client {

/// What the report page says of a result beside its figures: how it was measured, the method's limitations, and what
/// theory expects, as sentences, labels and limits. They are decided here, once; the page's scripts only place them.
/// - `method`, `targets`: pairs of a term and a text; an empty text says nothing;
/// - `limitations`: sentences;
/// - `thresholds`: of those about percentiles of the response time, {key, y, label} of a line across their chart;
/// - `many_errors_percent`: the error rate from which on a point must not be taken at face value;
/// - `threads_notes`: by target, what a row of its picture stands for, where that is not a thread;
/// - `size_keys`: by target, the setting for the number of workers;
/// - `limits`: by target, the place {x, label} on the axis of the load from which on its workers are too few, and
/// `busy`,
///   the places on an axis of workers from which on there are enough; by theory, or else by what was measured;
/// - `theory`: by target, its `label`; and `theory_notes`, by law.
nlohmann::ordered_json page_facts(const ExperimentResult& result, const Comparison& comparison,
                                  const std::vector<Theory>& theory);

}  // namespace waitlab::client
