#pragma once

#include <string>

namespace waitlab {

/// Whether the JSON document in the file is one that the schema, a file name under docs/, describes. What is wrong with
/// it goes to stderr.
bool fits_schema(const std::string& document, const std::string& schema);

}  // namespace waitlab
