#pragma once

#include "client/check/stay.hpp"
#include "client/theory/seconds.hpp"

#include <vector>

namespace waitlab::client {

/// How far the real starts were from those of an ideal pool, as absolute differences.
struct ReplayResidual {
  Seconds p50{0};
  Seconds p99{0};
};

/// Holds each start against the one that an ideal pool of so many threads would have made of it: at once, or as soon as
/// all but `threads` - 1 of the earlier requests have ended. Those have their real ends, so what one start is late by
/// is not charged to the next ones again, however busy the pool. It assumes no law of arrivals or holds, so it is
/// stronger than any formula. `stays` are in the order of enqueueing and not empty; they must be all that the pool
/// served since it was last empty.
ReplayResidual replay(const std::vector<Stay>& stays, unsigned threads);

}  // namespace waitlab::client
