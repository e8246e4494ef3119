#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"
#include "client/report/verdict.hpp"

#include <nlohmann/json_fwd.hpp>

namespace waitlab::client {

/// The whole experiment as JSON, `schema_version` 2: the file, the machine, every run with its load result and server
/// samples, the medians, and the verdict.
nlohmann::ordered_json experiment_json(const ExperimentResult& result, const Comparison& comparison,
                                       const Verdict& verdict);

}  // namespace waitlab::client
