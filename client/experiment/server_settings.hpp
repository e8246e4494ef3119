#pragma once

#include "common/config/jsonc.hpp"
#include "common/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// The object at `place` (nested objects, dotted names or both) as "key=value" words for a program's `--set`. A key
/// given twice is a Failure.
Result<std::vector<std::string>> flatten_settings(const JsonDocument& document,
                                                  const nlohmann::json::json_pointer& place);

/// The same for a server. The keys an experiment sets itself (addresses, ports, the backend, the request log) are
/// Failures too; whether the others exist is for the server to say.
Result<std::vector<std::string>> read_server_settings(const JsonDocument& document,
                                                      const nlohmann::json::json_pointer& place);

/// The strategy these settings name; empty if they don't say.
std::string strategy_of(const std::vector<std::string>& settings);

/// How many requests these settings let the server hold at once: the `threads` or `max_threads` of their strategy.
/// Nothing if they don't say.
std::optional<unsigned> threads_of(const std::vector<std::string>& settings);

}  // namespace waitlab::client
