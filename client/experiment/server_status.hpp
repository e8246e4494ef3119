#pragma once

#include "client/record/experiment_result.hpp"
#include "common/facts/strategy_facts.hpp"
#include "common/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace waitlab::client {

/// The requests in a server of ours, by its own count.
struct RequestsInside {
  std::uint64_t in_flight = 0;
  std::uint64_t queued = 0;
  std::uint64_t in_flight_peak = 0;
  std::uint64_t queued_peak = 0;
  std::uint64_t completed = 0;  ///< since its start, as the next
  std::uint64_t rejected = 0;
};

/// What is known of a server at one moment: of ours by its /status, of others by the kernel. Counters count from its
/// start.
struct ServerStatus {
  std::chrono::nanoseconds uptime{0};    ///< or the time since anything else that was before
  std::chrono::nanoseconds cpu_time{0};  ///< of its processes; of ours without the admin thread
  std::uint64_t voluntary_switches = 0;  ///< likewise
  std::uint64_t involuntary_switches = 0;
  std::optional<RequestsInside> requests;  ///< where the server says
  std::string strategy{};                  ///< of a server of ours, as the next
  std::optional<StrategyFacts> facts{};    ///< where it says
};

/// Reads the JSON of /status. Text that isn't that JSON is a Failure.
Result<ServerStatus> parse_server_status(std::string_view json);

/// Asks the server with this admin address for it. No answer is a Failure too.
Result<ServerStatus> ask_status(const std::string& admin_address);

/// What was used between two statuses of the same server. `completed` is 0 where the server doesn't say.
ServerUsage usage_between(const ServerStatus& begin, const ServerStatus& end);

/// Asks the /status of the server with this admin address until no request is in flight or queued in it. False if that
/// takes longer than `patience`, or a stop was requested, or the server does not say.
bool is_idle_within(const std::string& admin_address, std::chrono::milliseconds patience, const std::stop_token& stop);

}  // namespace waitlab::client
