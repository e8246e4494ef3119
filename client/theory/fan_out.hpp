#pragma once

#include "client/theory/seconds.hpp"

namespace waitlab::client {

/// A request that makes `calls` parallel calls, at least one, each an exponential hold, and waits for the slowest (Dean
/// and Barroso, "The Tail at Scale", 2013): mean S H_n, quantile -S ln(1 - p^(1/n)). With one call: the hold itself,
/// which is what a request takes where nothing queues (M/G/infinity). `quantile` in [0, 1).
Seconds fan_out_mean(Seconds mean_hold, unsigned calls);
Seconds fan_out_quantile(Seconds mean_hold, unsigned calls, double quantile);

}  // namespace waitlab::client
