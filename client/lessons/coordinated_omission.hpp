#pragma once

#include "client/theory/queueing.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace waitlab::client {

/// What one way to measure saw of a server that stood still for a while.
struct StopSeen {
  std::uint64_t requests = 0;
  std::uint64_t slow = 0;        ///< of these: at least a quarter of the time for which it stood still
  std::optional<Seconds> p99{};  ///< nothing: not measured
};

/// The ways, by the lesson's load.
struct StopsSeen {
  Seconds stood_still{1};
  StopSeen closed;     ///< a closed loop
  StopSeen from_send;  ///< a fixed rate over a few connections, each request timed from when it was sent
  StopSeen from_due;   ///< the same requests, timed from when they were due
  StopSeen open;       ///< a fixed rate, with connections to spare, timed from when due
};

/// The lesson's answer: which of the closed loop, the fixed rate timed from the send, and the open loop have a p99 of
/// at least a quarter of the time for which the server stood still. Empty where one was not measured, or for a
/// combination that nobody would predict.
std::string answer_of_stops(const StopsSeen& seen);

/// What it shows. All ways must have been measured to their end.
std::string stop_sentences(const StopsSeen& seen);

/// The p99, at a constant rate, of requests timed from when they were due, of which those due while the server stands
/// still are all answered at its end, and all others after `hold`: of the share q of the window that is not above it,
/// stood still - (1 - q) window + hold. `stood_still` is at least 1 % of the window.
Seconds p99_with_a_stop(Seconds window, Seconds stood_still, Seconds hold);

}  // namespace waitlab::client
