#pragma once

#include "common/json/json_place.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// The object at `place` (nested objects, dotted names or both) as "key=value" words for a program's `--set`. A key
/// given twice is refused at its place.
std::vector<std::string> flatten_settings(const JsonPlace& place);

/// The same for a server. The keys an experiment sets itself (addresses, ports, the backend, the request log) are
/// refused too; whether the others exist is for the server to say.
std::vector<std::string> read_server_settings(const JsonPlace& place);

/// Whether an experiment sets this key of a server itself.
bool belongs_to_experiment(const std::string& key);

/// Sets the "key=value" word among the others, over one of the same key.
void override_setting(std::vector<std::string>& settings, const std::string& word);

/// The strategy these settings name; empty if they don't say.
std::string strategy_of(const std::vector<std::string>& settings);

}  // namespace waitlab::client
