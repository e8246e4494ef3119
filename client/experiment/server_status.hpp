#pragma once

#include "client/record/experiment_result.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace waitlab::client {

/// What the server says of itself at /status, as far as an experiment needs it. Counters count from its start.
struct ServerStatus {
  std::chrono::nanoseconds uptime{0};
  std::uint64_t in_flight = 0;
  std::uint64_t queued = 0;
  std::uint64_t in_flight_peak = 0;
  std::uint64_t queued_peak = 0;
  std::uint64_t completed = 0;
  std::uint64_t rejected = 0;
  std::chrono::nanoseconds cpu_time{0};  ///< of the process, without its admin thread
  std::uint64_t voluntary_switches = 0;  ///< likewise
  std::uint64_t involuntary_switches = 0;
};

/// Reads the JSON of /status. Text that isn't that JSON is a Failure.
Result<ServerStatus> parse_server_status(std::string_view json);

/// What was used between two statuses of the same server.
ServerUsage usage_between(const ServerStatus& begin, const ServerStatus& end);

}  // namespace waitlab::client
