#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace waitlab::server {

/// The deadlocks of transfers that were found and broken since the server started.
struct Deadlocks {
  std::uint64_t total = 0;

  // Of the last one; there is one if there are any.
  std::string cycle{};   ///< the accounts as they were waited for, the first one again at the end: "a→b→a"
  std::string victim{};  ///< the id of the request that gave way
  std::chrono::steady_clock::time_point when{};
};

}  // namespace waitlab::server
