#pragma once

#include "client/record/load_result.hpp"

#include <nlohmann/json_fwd.hpp>

namespace waitlab::client {

/// The result as JSON, `schema_version` 1. Times are in microseconds. `rate.offered` is null for a closed loop, as is
/// the schedule lag. A percentile without the samples to carry it is null (see percentile.hpp); one that falls among
/// timed-out requests is their lower bound: `at_least` of each set of times names the figures that are, and `censored`
/// says how many requests make them so. `connections.retried` counts requests that were sent again because the server
/// had closed their kept-alive connection.
nlohmann::ordered_json to_json(const LoadResult& result);
nlohmann::ordered_json to_json(const Machine& machine);

}  // namespace waitlab::client
