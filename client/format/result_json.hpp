#pragma once

#include "client/record/load_result.hpp"
#include "common/json/json_place.hpp"
#include "common/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace waitlab::client {

/// The `schema_version` of results.
inline constexpr int result_schema_version = 1;

/// The result as JSON. One description in the source makes what is written, what is read and the schema. The JSON holds
/// all of the result: read_result() gives back one with the same figures. Durations are in microseconds unless their
/// names say otherwise. What is not known or does not apply is null: `rate.offered` and `arrivals` of a closed loop, a
/// percentile without the samples to carry it (see time_summary.hpp). A figure that falls among timed-out or unfinished
/// requests is a lower bound: `at_least` names these.
nlohmann::ordered_json to_json(const LoadResult& result);
nlohmann::ordered_json to_json(const Machine& machine);

/// Whether both are the same result, as of a file that is given twice, or was copied.
bool same_result(const LoadResult& one, const LoadResult& other);

/// Reads a result that to_json() wrote, back into one that gives the same figures and the same JSON. Only
/// schema_version 1; members that were added to it since may be missing. Failure: one line that names the file and says
/// what is wrong with it: not there, no JSON, cut short, of another version, no result of a run, a key missing or of
/// the wrong type.
Result<LoadResult> read_result_file(const std::string& path);

/// The same for a text at hand; `name` stands for the file in messages.
Result<LoadResult> read_result(const std::string& text, const std::string& name);

/// The same where the result is a part of a document; what is wrong is refused at its place.
LoadResult read_result(const JsonPlace& place);

/// The machine that to_json() wrote.
Machine read_machine(const JsonPlace& place);

/// The JSON Schema, docs/result.schema.json.
std::string result_schema();

}  // namespace waitlab::client
