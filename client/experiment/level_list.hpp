#pragma once

#include "client/record/experiment_result.hpp"
#include "common/json/json_place.hpp"

namespace waitlab::client {

/// Reads the levels of the `load`: its `rates` (an open loop) or its `connections` (a closed one), exactly one of them,
/// as a list or as a range {"from": 10, "to": 1000, "steps": 5, "spacing": "linear" | "geometric"}. What is wrong is
/// refused at its place. Rates of a range are rounded to three digits, connections to whole ones; what then comes twice
/// is left out.
void read_levels(const JsonPlace& load, ExperimentLoad& into);

}  // namespace waitlab::client
