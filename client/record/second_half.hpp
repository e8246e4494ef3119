#pragma once

#include <cstdint>

namespace waitlab::client {

/// What came back in the second half of a window, as it was planned, and what should have. By then the responses to
/// what was sent before it balance those that are still to come after it, and the fill of the first moments, or a step
/// in the rate, is past: so any latency of less than half the window leaves `completed` near `due`, and a backlog that
/// grows does not.
struct SecondHalf {
  double due = 0;               ///< arrivals that the schedule of an open loop called for in it; 0 for a closed loop
  std::uint64_t completed = 0;  ///< responses that ended in it, those of the warm-up included
};

/// Whether the server kept up with an open loop: at least 97 % of what was due came back, give or take the 3 standard
/// deviations of a Poisson count. A server that does not has response times that depend on how long one looks. True
/// where nothing was due.
bool keeps_up(const SecondHalf& half) noexcept;

}  // namespace waitlab::client
