#pragma once

#include "client/engine/feed.hpp"

namespace waitlab::client {

/// The moments of a run that all its threads share.
struct Timeline {
  Clock::time_point start;          ///< the first request may start
  Clock::time_point measure_from;   ///< the warm-up is over
  Clock::time_point measure_until;  ///< no request starts any more; time_point::max() if only a count ends the run
};

}  // namespace waitlab::client
