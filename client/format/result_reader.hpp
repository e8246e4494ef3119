#pragma once

#include "client/record/load_result.hpp"
#include "common/json/json_place.hpp"
#include "common/process/machine.hpp"
#include "common/result.hpp"

#include <string>

namespace waitlab::client {

/// Reads a result that to_json() wrote (result_json.hpp), back into one that gives the same figures and the same JSON.
/// Only schema_version 1. Failure: one line that names the file and says what is wrong with it: not there, no JSON, cut
/// short, of another version, no result of a run, a key missing or of the wrong type.
Result<LoadResult> read_result_file(const std::string& path);

/// The same for a text at hand; `name` stands for the file in messages.
Result<LoadResult> read_result(const std::string& text, const std::string& name);

/// The same where the result is a part of a document; what is wrong is refused at its place.
LoadResult read_result(const JsonPlace& place);

/// The machine that to_json() wrote.
Machine read_machine(const JsonPlace& place);

}  // namespace waitlab::client
