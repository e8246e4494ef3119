#pragma once

#include "client/check/seconds.hpp"
#include "client/check/stay.hpp"

#include <vector>

namespace waitlab::client {

/// How far the real starts were from those of an ideal pool, as absolute differences.
struct ReplayResidual {
  Seconds p50{0};
  Seconds p99{0};
  Seconds max{0};
};

/// Gives the requests' real enqueue times and real holds to an ideal pool of so many threads, and compares the starts.
/// It assumes no law of arrivals or holds, so it is stronger than any formula. `stays` are in the order of enqueueing
/// and not empty; they must be all that the pool served since it was last empty.
ReplayResidual replay(const std::vector<Stay>& stays, unsigned threads);

}  // namespace waitlab::client
