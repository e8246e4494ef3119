#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace waitlab::client {

/// Where a waitlab server says a request's time went.
struct ServerTiming {
  std::chrono::nanoseconds queue{0};
  std::chrono::nanoseconds backend{0};
  std::chrono::nanoseconds handler{0};
};

/// Reads a Server-Timing field (W3C Server Timing: `queue;dur=0.01, backend;dur=50.2`, durations in milliseconds).
/// Metrics of other names are passed over, those missing are 0. Nothing if the field holds none of the three.
std::optional<ServerTiming> parse_server_timing(std::string_view field);

}  // namespace waitlab::client
