#pragma once

#include "client/record/slice.hpp"

#include <chrono>
#include <optional>

namespace waitlab::client {

/// A part at one end of a run that differs from the rest of it.
struct Change {
  bool begins_it = true;                 ///< the first part; else the last
  std::chrono::nanoseconds length{0};    ///< at most half of the run
  std::chrono::nanoseconds p50{0};       ///< the typical one of its slices
  std::chrono::nanoseconds p50_else{0};  ///< likewise, of the rest
};

/// What is known of a run besides its slices.
struct SeriesEdges {
  std::chrono::nanoseconds window{0};     ///< what ends later has no more arrivals beside it
  std::chrono::nanoseconds long_time{0};  ///< that a response may take: in so long a beginning only quick ones end
};

/// Where the median response time of a run's slices changed its level. Whether it did is told by the self-normalized
/// statistic of Shao and Zhang ("Testing for change points in time series", 2010) of the medians' logarithms, which
/// holds for correlated neighbours and needs no estimate of how far they are; where, by the split at which both sides
/// differ most in units of chance (CUSUM). Nothing where the statistic is below 150, which a steady series exceeds less
/// than once in a thousand (its 0.1 % point is 122), where the levels differ by less than a quarter, or where fewer
/// than 20 slices between the edges have a median. Queues near saturation wander for seconds, which is a change in a
/// short run: of twenty seconds of a pool that is busy for 94 % of the time, up to 5 in 100 are said to have changed.
std::optional<Change> find_change(const RunSeries& series, const SeriesEdges& edges);

}  // namespace waitlab::client
