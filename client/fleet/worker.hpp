#pragma once

#include "common/result.hpp"

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

namespace waitlab::client::fleet {

/// What a worker is to do.
struct WorkerOptions {
  std::string collector;  ///< HOST:PORT
  std::string name;
  std::string token;                            ///< empty: none
  std::chrono::nanoseconds wait{0};             ///< how long to try to reach the collector
  std::function<void(const std::string&)> say;  ///< what goes on, for people, a line at a time; may be empty
  std::stop_token stop;                         ///< ends its part of the run: it tells what it has
};

/// How a worker ended.
enum class WorkerEnd {
  good,     ///< its parts were made, and each is valid
  invalid,  ///< one is not
  refused,  ///< the collector had no place for it
  failed    ///< there was no collector, it was lost, or the load could not begin
};

struct WorkerOutcome {
  WorkerEnd end = WorkerEnd::failed;
  std::string why;  ///< one line, unless it is good
};

/// Makes its part of what the collector has made (`Fleet`, fleet.hpp): registers, meets the server, starts when it is
/// told to, tells what it sees while it runs, and its result. Blocks until the collector sends it home, is lost, or
/// stops it. While the load runs, a thread of its own speaks with the collector.
WorkerOutcome work(const WorkerOptions& options);

}  // namespace waitlab::client::fleet
