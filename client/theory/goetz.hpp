#pragma once

#include "client/theory/seconds.hpp"

namespace waitlab::client {

/// The number of threads beyond which more do not help (Goetz et al., "Java Concurrency in Practice", 2006, section
/// 8.2): cores * utilisation * (1 + wait / compute), where a request waits and computes so long and the cores are to be
/// so busy, in (0, 1]. `compute` above 0. It speaks of utilisation, not of latency.
double goetz_threads(double cores, double utilisation, Seconds wait, Seconds compute);

}  // namespace waitlab::client
