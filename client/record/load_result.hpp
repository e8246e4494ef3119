#pragma once

#include "client/record/load_record.hpp"
#include "common/process/machine.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// What a run of load found. A plain value: copy it, keep it, turn it into JSON (result_json.hpp) or text
/// (result_text.hpp).
struct LoadResult {
  LoadRecord record;

  std::string url;
  std::string method;
  std::string address;  ///< the one address that was loaded: 127.0.0.1:8080
  std::string command;  ///< how the run was asked for, if by a command line
  unsigned threads = 1;
  unsigned connections = 0;            ///< of a closed loop: how many; of an open one: the cap
  std::optional<double> offered_rate;  ///< per second; nothing for a closed loop
  std::chrono::nanoseconds timeout{0};

  std::string started_at;              ///< wall clock, UTC, ISO 8601 with milliseconds
  std::chrono::nanoseconds window{0};  ///< the measured part, without warm-up and drain

  bool interrupted = false;
  std::vector<std::string> invalid_because;  ///< empty: the run may be trusted
  Machine machine;

  bool valid() const noexcept { return invalid_because.empty(); }
  /// Responses that ended inside the window, per second of it. Those that end in the drain are not counted.
  double achieved_rate() const noexcept;
};

}  // namespace waitlab::client
