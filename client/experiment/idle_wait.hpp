#pragma once

#include <chrono>
#include <stop_token>
#include <string>

namespace waitlab::client {

/// Asks the /status of the server with this admin address until no request is in flight or queued in it. False if that
/// takes longer than `patience`, or a stop was requested, or the server does not say.
bool is_idle_within(const std::string& admin_address, std::chrono::milliseconds patience, const std::stop_token& stop);

}  // namespace waitlab::client
