#pragma once

#include "server/accounts/deadlocks.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>

namespace waitlab::server {

/// How many deadlocks there were, and the last of them, or null.
nlohmann::ordered_json deadlocks_json(const Deadlocks& deadlocks, std::chrono::steady_clock::time_point now);

}  // namespace waitlab::server
