#pragma once

#include "common/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace waitlab {

/// What runs requests: threads, processes, or loops that are never blocked.
enum class Worker : std::uint8_t { thread, process, loop };

/// What is to be known of a server's strategy with its settings, so that nobody needs to know it by its name. The
/// server tells it in /status, in /events and by `--print-facts`; docs/live.md describes it.
struct StrategyFacts {
  Worker worker = Worker::thread;
  std::uint32_t workers = 0;               ///< at most, without a pool's
  bool holds_worker = false;               ///< whether a request keeps its worker while it waits
  std::optional<std::uint32_t> at_once{};  ///< requests that can be served or wait at once; none: no such limit
  std::optional<std::uint32_t> queue{};    ///< requests that can wait for a worker; none: there is no queue
  std::string size_key{};                  ///< the setting that says how many workers; empty: there is none
  std::string description{};               ///< "16 threads, and a queue for 1024 requests"
  bool holds_when_idle = false;            ///< whether a connection keeps its worker between requests
  std::optional<std::uint32_t> core{};     ///< workers that are always there; none: all, or none of them
  std::optional<std::uint32_t> pool{};     ///< threads that compute and read files for loops; none: loops do it

  bool operator==(const StrategyFacts&) const = default;

  /// Whether requests queue for one of a fixed number of workers and keep it until they are done: what is known of
  /// queues in front of servers holds for it.
  bool is_pool() const { return holds_worker && at_once && queue && !core; }

  /// All threads of its, at most.
  std::uint32_t threads() const { return workers + pool.value_or(0); }
};

/// "thread", "process" or "loop".
std::string_view worker_name(Worker worker);

/// "1 thread", "2 processes".
std::string counted_workers(unsigned count, Worker worker);

/// As the server tells them.
nlohmann::ordered_json facts_json(const StrategyFacts& facts);

/// Reads what `facts_json` wrote. Text that isn't that is a Failure, which calls it by `name`.
Result<StrategyFacts> parse_facts(const std::string& json, const std::string& name);

/// The columns of a CSV file that tell the facts, all but the texts: named as in JSON, and empty where that has null.
std::span<const std::string_view> facts_columns();

/// The values of these columns, joined by commas.
std::string facts_values(const StrategyFacts& facts);

/// Reads the values of these columns, of which the last may be missing; nothing if they are not of that form.
std::optional<StrategyFacts> parse_facts_values(std::span<const std::string> values);

}  // namespace waitlab
