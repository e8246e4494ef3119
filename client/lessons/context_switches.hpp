#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace waitlab::client {

/// What a strategy made the kernel switch for a request.
struct StrategySwitches {
  std::string strategy;
  bool holds_worker = false;  ///< whether a request keeps its thread or process while it waits
  double alone = 0;           ///< for each request, one at a time
  double full = 0;            ///< for each request, as many as the server can do
};

/// One of two threads waking the other through a pipe, over and over.
struct PingPong {
  std::chrono::nanoseconds hand_over{0};  ///< half a round trip
  double switches = 0;                    ///< for each round trip, of both threads
};

/// "always", "full", "alone" or "never": when the loop that switches least switches at most 1 / 1.6 as often as the
/// strategy with a worker for each request that switches least. Empty without one of either kind.
std::string context_switches_answer(const std::vector<StrategySwitches>& strategies);

/// What these figures show, in sentences.
std::string context_switches_conclusion(const std::vector<StrategySwitches>& strategies);

}  // namespace waitlab::client
