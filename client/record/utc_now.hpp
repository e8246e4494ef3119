#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace waitlab::client {

using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// A moment of the wall clock as results show it: UTC, ISO 8601 with milliseconds, "2026-01-02T03:04:05.678Z".
std::string utc_text(std::chrono::system_clock::time_point moment);

/// The same of now.
std::string utc_now();

/// The time that such a text tells; nothing if it is another one.
std::optional<UtcTime> parse_utc(const std::string& text);

}  // namespace waitlab::client
