#pragma once

#include "client/engine/request_template.hpp"
#include "common/result.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// Reads a mix of requests: JSON with comments, a list of 1 to 64 objects, or an object with that list as its
/// "targets". Each has "method", "path", "headers", "body" or "body_file" (from the folder of this file), and "weight";
/// all may be left out. docs/targets.schema.json describes it. Strict: an unknown or repeated key, a wrong type and a
/// request that cannot be sent are Failures of one line with the file's line, the place, and the nearest valid name.
Result<std::vector<RequestTemplate>> read_targets_file(const std::string& path);

}  // namespace waitlab::client
