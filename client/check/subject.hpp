#pragma once

#include "client/logs/hold_log.hpp"
#include "client/logs/server_log.hpp"
#include "client/record/load_result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// A run that is to be checked, and the logs that tell of it. The logs may hold other runs as well.
struct CheckSubject {
  std::string name;  ///< how the report calls it
  LoadResult load;
  std::optional<std::string> seed;  ///< of its request ids, in hex; without it, the first in the logs since it began
  std::string strategy;             ///< if the server's log doesn't say; empty: not known
  std::optional<unsigned> threads;  ///< of the fixed pool
  std::shared_ptr<const std::vector<LoggedRequest>> server_log;  ///< null: there is none; as the next
  std::shared_ptr<const std::vector<Hold>> hold_log;
};

}  // namespace waitlab::client
