#pragma once

#include "client/commands/capacity_search.hpp"
#include "client/record/load_result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// One probe of a search, as it was judged.
struct Probe {
  double rate = 0;  ///< offered, per second
  LoadResult result;
  ProbeOutcome outcome;
};

/// A server that stayed slow after a probe, so that the next ones would have been of a broken one.
struct NotRecovered {
  double from = 0;                                  ///< the rate of that probe
  std::optional<std::chrono::nanoseconds> takes{};  ///< the median of single requests at last; nothing: none completed
};

/// What a search found.
struct CapacityResult {
  std::string url;
  std::string command;
  std::string started_at;
  std::vector<std::string> thresholds;               ///< all that must hold
  std::optional<std::string> implied_threshold;      ///< which of them was not given
  std::optional<std::chrono::nanoseconds> unloaded;  ///< median service time of single requests before the search
  std::vector<Probe> probes;                         ///< in the order in which they were made
  std::optional<double> highest_passed;
  std::optional<CapacitySearch::Failed> lowest_failed;
  CapacitySearch::Confirmation confirmation{};  ///< of the highest rate that passed
  std::optional<NotRecovered> not_recovered{};  ///< why the search ended before its end
  bool spoilt = false;                          ///< it did so because other programs spoilt probe after probe
  bool interrupted = false;
};

/// "412.5/s".
std::string probe_rate_text(double rate);

/// Before the first probe: what is searched, and the names of the probes' columns. Then a line for a probe with its
/// reason, if it failed, wrapped below it. At most 80 columns but for a long URL, each line ends in a newline.
std::string begin_text(const CapacityResult& begun);
std::string probe_text(const Probe& probe);

/// What was found, in a few sentences.
std::string verdict_text(const CapacityResult& result);

/// The search for a result file: `schema_version` 1, rates per second, times in microseconds, null where
/// something is not known. `gave_out` is "server", "client", or null if no rate failed.
nlohmann::ordered_json to_json(const CapacityResult& result);

/// The JSON Schema, docs/capacity.schema.json.
std::string capacity_schema();

}  // namespace waitlab::client
