#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waitlab::server {

/// What runs requests: threads, processes, or loops that are never blocked.
enum class Worker : std::uint8_t { thread, process, loop };

/// What is to be known of a strategy with its settings, so that nobody needs to know it by its name.
struct StrategyFacts {
  Worker worker = Worker::thread;
  std::uint32_t workers = 0;               ///< at most
  bool holds_worker = false;               ///< whether a request keeps its worker while it waits
  std::optional<std::uint32_t> at_once{};  ///< requests that can be served or wait at once; none: no such limit
  std::optional<std::uint32_t> queue{};    ///< requests that can wait for a worker; none: there is no queue
  std::string_view size_key{};             ///< the setting that says how many workers; empty: there is none
  std::string description{};               ///< "16 threads, and a queue for 1024 requests"
};

/// As `facts` of /status and /events; docs/live.md describes it.
nlohmann::ordered_json facts_json(const StrategyFacts& facts);

}  // namespace waitlab::server
