#pragma once

#include "client/record/load_result.hpp"

#include <nlohmann/json_fwd.hpp>

namespace waitlab::client {

/// The `schema_version` of results.
inline constexpr int result_schema_version = 1;

/// The result as JSON, as docs/result.schema.json describes it. It holds all of the result: read_result() gives back
/// one with the same figures. Durations are in microseconds unless their names say otherwise. What is not known or does
/// not apply is null: `rate.offered` and `arrivals` of a closed loop, a percentile without the samples to carry it (see
/// time_summary.hpp). A figure that falls among timed-out or unfinished requests is a lower bound: `at_least`
/// names these.
nlohmann::ordered_json to_json(const LoadResult& result);
nlohmann::ordered_json to_json(const Machine& machine);

}  // namespace waitlab::client
