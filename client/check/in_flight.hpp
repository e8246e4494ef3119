#pragma once

#include "client/check/stay.hpp"
#include "client/theory/seconds.hpp"

#include <vector>

namespace waitlab::client {

/// How many requests were there at once, over the time from the first one's coming to the last one's leaving.
struct InFlight {
  double request_seconds = 0;  ///< the integral of their number over time
  Seconds span{0};
  double mean = 0;        ///< of their number, over time
  double dispersion = 0;  ///< variance over mean: 1 where the number is Poisson
};

/// By going through the comings and leavings in order. `stays` must not be empty; any order will do.
InFlight in_flight(const std::vector<Stay>& stays);

}  // namespace waitlab::client
