#pragma once

#include "client/check/seconds.hpp"

namespace waitlab::client {

/// A request that makes `calls` parallel calls, each an exponential hold, and waits for the slowest (Dean and Barroso,
/// "The Tail at Scale", 2013): mean S H_n, quantile -S ln(1 - p^(1/n)). With one call: the hold itself, which is what a
/// request takes where nothing queues (M/G/infinity).
Seconds fan_out_mean(Seconds mean_hold, unsigned calls);
Seconds fan_out_quantile(Seconds mean_hold, unsigned calls, double quantile);

/// Requests there at once where nothing queues (M/G/infinity): a Poisson number with this mean, whatever law the holds
/// follow.
double mean_in_flight(double rate, Seconds mean_hold);

/// The number of threads beyond which more do not help (Goetz et al., "Java Concurrency in Practice", 2006, section
/// 8.2): cores * target utilisation * (1 + wait / compute). It speaks of utilisation, not of latency.
double goetz_threads(double cores, double utilisation, Seconds wait, Seconds compute);

/// What `users` in a closed loop, who ask again at once, see of a pool: at most threads / S are answered a second, so
/// each waits users * S / threads, however overloaded the pool would be by an open loop.
Seconds closed_loop_response(unsigned users, unsigned threads, Seconds mean_hold);

}  // namespace waitlab::client
