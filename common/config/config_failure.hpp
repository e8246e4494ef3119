#pragma once

#include "common/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waitlab {

/// "where: what" as one line, whatever the user's text holds: control characters become spaces, and a long `where` is
/// cut.
Failure config_failure(std::string_view where, std::string_view what);

/// A value as an error shows it: short, "an object" or "a list" for what is not simple.
std::string describe(const nlohmann::json& value);

/// `; did you mean "threads"? allowed: queue_capacity, threads`, the question only if a candidate is near to `name`.
std::string suggest(std::string_view name, const std::vector<std::string>& candidates,
                    const std::vector<std::string>& allowed);

}  // namespace waitlab
