#pragma once

#include <chrono>
#include <cstdint>
#include <istream>
#include <optional>
#include <vector>

namespace waitlab::client {

using UnixTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

/// One request that the backend held and served.
struct Hold {
  UnixTime arrival;
  std::chrono::nanoseconds held{0};  ///< as the backend's clock says
};

/// The holds in the backend's hold log: CSV with a header line that names `arrival_ns`, `held_ns` and `outcome`. Lines
/// that are not of that form, and holds that did not end as they should, are passed over.
std::vector<Hold> read_holds(std::istream& hold_log);

/// The mean of those that arrived from `begin` to `end`, or nothing if none did.
std::optional<std::chrono::nanoseconds> mean_hold(const std::vector<Hold>& holds, UnixTime begin, UnixTime end);

}  // namespace waitlab::client
