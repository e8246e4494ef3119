#pragma once

#include <string>

namespace waitlab::client {

/// The wall clock as results show it: UTC, ISO 8601 with milliseconds, "2026-01-02T03:04:05.678Z".
std::string utc_now();

}  // namespace waitlab::client
