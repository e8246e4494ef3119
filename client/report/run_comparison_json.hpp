#pragma once

#include "client/report/run_comparison.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace waitlab::client {

/// The comparison as JSON, `schema_version` 1. Times are in microseconds. `ratio` is A's to B's, `low` and `high` the
/// ends of its interval; null where there is none, with `why_not` to say so. `difference_shown` is whether the interval
/// leaves out 1.
nlohmann::ordered_json to_json(const RunComparison& comparison, const std::vector<Metric>& figures);

/// The JSON Schema, docs/compare.schema.json.
std::string compare_schema();

}  // namespace waitlab::client
