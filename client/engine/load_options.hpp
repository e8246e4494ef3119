#pragma once

#include "client/engine/load_progress.hpp"
#include "client/schedule/arrivals.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace waitlab::client {

/// What load to put on which server.
struct LoadOptions {
  std::string url;
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers;  ///< added; Host, User-Agent given here replace ours
  std::string body;

  std::optional<double> rate;  ///< requests per second of an open loop; without it the loop is closed
  ArrivalKind arrivals = ArrivalKind::constant;
  unsigned connections = 10;        ///< of a closed loop
  unsigned max_connections = 4096;  ///< cap of an open loop

  /// What ends the run: a duration, a number of requests, or whichever comes first. Without both: 10 s.
  std::optional<std::chrono::nanoseconds> duration;
  std::optional<std::uint64_t> requests;
  std::chrono::nanoseconds warmup{0};  ///< comes before; its requests run but are not recorded

  std::chrono::nanoseconds timeout = std::chrono::seconds(2);  ///< from the intended start to the end of the response
  unsigned threads = 1;
  std::uint64_t seed = 1;  ///< of the arrivals and of the request ids

  std::vector<int> cpus;  ///< CPUs the load threads may use; empty: all
  std::string command;    ///< copied into the result

  std::function<void(const LoadProgress&)> on_progress;  ///< called about 5 times a second on the calling thread
  std::stop_token stop;  ///< cuts the run: what is in flight is left unfinished and the result is not valid
};

}  // namespace waitlab::client
