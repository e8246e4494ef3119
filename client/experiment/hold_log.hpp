#pragma once

#include <chrono>
#include <cstdint>
#include <istream>
#include <map>

namespace waitlab::client {

/// The mean time the backend really held the requests it served, by the seed in their ids ("2a-000000000007": 0x2a),
/// from its hold log: CSV with a header line that names `request_id`, `held_ns` and `outcome`. Lines that are not of
/// that form are passed over.
std::map<std::uint64_t, std::chrono::nanoseconds> mean_holds(std::istream& hold_log);

}  // namespace waitlab::client
