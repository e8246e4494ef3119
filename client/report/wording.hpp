#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/standing.hpp"
#include "client/stats/figures.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// The ratio of one figure to another with its 95 % confidence interval over their repeats: "8.1 (7.4–8.9) times"; "12
/// times" where there is no interval or it adds nothing; "at least 8.1 times" where `one` is a lower bound. Both must
/// be above 0.
std::string times(const Spread& one, const Spread& other);

/// A rate inside a sentence: "319/s", "4.5/s".
std::string rate_text(double per_second);

/// Successful responses per second, of the requests that arrived: "334 of 400 requests/s", "96 (queue-10000) to 164
/// (queue-64) of 194 requests/s". `entrants` must not be empty.
std::string served_of_arrived(const Entrants& entrants);

/// A share inside a sentence: "1.6 %", "20 %".
std::string percent_text(double percent);

/// One of the entrant's response times: "233 ms", "more than 5.00 s".
std::string time_text(const Entrant& entrant, Metric metric);

/// "a", "a and b", "a, b and c".
std::string enumerate(const std::vector<std::string>& parts);

/// "a; b; c", without what is empty.
std::string join_clauses(const std::vector<std::string>& clauses);

/// The names of some of an experiment's targets: "a, b and c". Three or more neighbours that a sweep over one setting
/// made are written as a range: "pool-4 … pool-32". All must point into the same list.
std::string names_of(const std::vector<const ExperimentTarget*>& targets);

std::string names_of(const Entrants& entrants);

/// "p99 from 229 ms to 236 ms, which may be due to chance", or "all have a p99 of 229 ms".
std::string times_on_par(const Entrants& entrants);

}  // namespace waitlab::client
