#pragma once

#include "client/report/metric.hpp"
#include "client/report/standing.hpp"

#include <string>
#include <vector>

namespace waitlab::client {

/// By how much one figure is another, with the 95 % interval over their repeats: "8.1 (7.4–8.9) times", "12 times"
/// where the interval says no more or there is none, "at least 8.1 times" where the one is a lower bound. Both must be
/// above 0.
std::string times(const Spread& one, const Spread& other);

/// A rate inside a sentence: "319/s", "4.5/s".
std::string rate_text(double per_second);

/// What they finished well of what came in: "334 of 400/s", "96 (queue-10000) to 164 (queue-64) of 194/s". There must
/// be one.
std::string done_of_due(const Contenders& contenders);

/// A share inside a sentence: "1.6 %", "20 %".
std::string percent_text(double percent);

/// One of the contender's times: "233 ms", "more than 5.00 s".
std::string time_text(const Contender& contender, Metric metric);

/// "a", "a and b", "a, b and c".
std::string enumerate(const std::vector<std::string>& parts);

/// "a; b; c", without what is empty.
std::string join_clauses(const std::vector<std::string>& clauses);

std::string names_of(const Contenders& contenders);

/// "their p99s lie between 229 ms and 236 ms, which may be chance", or "all have a p99 of 229 ms".
std::string level_times(const Contenders& contenders);

}  // namespace waitlab::client
