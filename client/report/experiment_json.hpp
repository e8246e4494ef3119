#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"
#include "client/report/verdict.hpp"
#include "common/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace waitlab::client {

/// The version of an experiment's result.json that is written and read.
inline constexpr int experiment_schema_version = 2;

/// The whole experiment as JSON: the file, the machine, every run with its load result and server samples, the medians,
/// and the verdict. One description in the source makes what is written, what is read and the schema.
nlohmann::ordered_json experiment_json(const ExperimentResult& result, const Comparison& comparison,
                                       const Verdict& verdict);

/// Reads the result of an experiment, as experiment_json() wrote it, back into one that gives the same figures. What
/// follows from the runs (the comparison, the verdict) is not read. Failure: one line that names the file and says what
/// is wrong with it: not there, no JSON, cut short, of another version, no result of an experiment, a key missing or of
/// the wrong type.
Result<ExperimentResult> read_experiment_result(const std::string& path);

/// The same for a text at hand; `name` stands for the file in messages.
Result<ExperimentResult> parse_experiment_result(const std::string& text, const std::string& name);

/// The JSON Schema, docs/experiment-result.schema.json.
std::string experiment_result_schema();

}  // namespace waitlab::client
