#pragma once

#include "client/check/run_logs.hpp"
#include "client/record/load_result.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// Something a law stands on.
struct Condition {
  std::string text;         ///< what was found, a clause: "arrivals are Poisson (KS 0.008, limit 0.034)"
  std::optional<bool> met;  ///< nothing: it is not known
};

/// What a law stands on, as far as the result and the logs tell.
struct Conditions {
  Condition valid;             ///< the run itself may be trusted
  Condition complete;          ///< all requests ended well, and are in the logs
  Condition poisson;           ///< open loop, one rate, gaps exponential
  Condition connections;       ///< no request waited for one
  Condition listen_queue;      ///< of the kernel: never overflowed
  Condition alone;             ///< the server had no other requests
  Condition one_strategy;      ///< served the whole run, with one size
  Condition backend_uncapped;  ///< nothing queued in the backend
  Condition exponential;       ///< the holds

  std::vector<const Condition*> all() const;
};

Conditions find_conditions(const LoadResult& load, const RunLogs& logs);

/// The first of these that is not met, as a reason not to judge.
std::optional<std::string> broken(std::initializer_list<const Condition*> conditions);

}  // namespace waitlab::client
