#pragma once

#include "common/clock/unix_clock.hpp"
#include "common/result.hpp"

#include <chrono>
#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// One request that the backend held and served.
struct Hold {
  std::string request_id;
  UnixTime arrival;
  std::chrono::nanoseconds queued{0};  ///< until the backend began to hold it
  std::chrono::nanoseconds held{0};    ///< as the backend's clock says
};

/// The holds in the backend's hold log: CSV with a header line that names `request_id`, `arrival_ns`, `queued_ns`,
/// `held_ns` and `outcome`. Lines that are not of that form, and holds that did not end as they should, are passed
/// over.
std::vector<Hold> read_holds(std::istream& hold_log);

/// The same from a file. Failure if it can't be read or its header is another.
Result<std::vector<Hold>> read_hold_log(const std::string& path);

/// The mean of those that arrived from `begin` to `end`, or nothing if none did.
std::optional<std::chrono::nanoseconds> mean_hold(const std::vector<Hold>& holds, UnixTime begin, UnixTime end);

}  // namespace waitlab::client
