#pragma once

#include "common/config/jsonc.hpp"
#include "common/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// The object at `place` (nested objects, dotted names or both) as "key=value" words for the server's `--set`. The keys
/// an experiment sets itself (addresses, ports, the backend) and a key given twice are Failures; whether the others
/// exist is for the server to say.
Result<std::vector<std::string>> read_server_settings(const JsonDocument& document,
                                                      const nlohmann::json::json_pointer& place);

/// How many requests these settings let the server hold at once: the `threads` or `max_threads` of their strategy.
/// Nothing if they don't say.
std::optional<unsigned> threads_of(const std::vector<std::string>& settings);

}  // namespace waitlab::client
