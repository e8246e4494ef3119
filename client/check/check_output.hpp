#pragma once

#include "client/check/check.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace waitlab::client {

/// The reports as JSON, `schema_version` 1: `checks`, each with its findings and conditions. Times are in seconds,
/// shares of 1; what is not known is null. A verdict is "agrees", "differs" or "not judged".
nlohmann::ordered_json check_json(const std::vector<CheckReport>& reports);

/// The JSON Schema, docs/check.schema.json.
std::string check_schema();

/// The report as a table for a terminal of 80 columns, with what it stands on beneath. Ends in a newline.
std::string check_text(const CheckReport& report);

}  // namespace waitlab::client
