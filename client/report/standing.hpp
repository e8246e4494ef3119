#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// One target at one level, as a verdict sees it.
struct Contender {
  const ExperimentTarget* target = nullptr;
  const Cell* cell = nullptr;

  const std::string& name() const { return target->name; }
  const std::optional<Spread>& operator[](Metric metric) const { return (*cell)[metric]; }
  /// The median, or 0 where there is none.
  double median(Metric metric) const;
};

using Contenders = std::vector<Contender>;

/// How the targets stand to one another at one level. Only those with valid figures are in it. Refers to the result and
/// the comparison it was made of.
struct Standing {
  Level at;
  std::chrono::nanoseconds window{};  ///< the measured part of each run
  Contenders behind;                  ///< they could not serve what came in: see `fell_behind`
  Contenders slower;                  ///< they kept up, with a p99 or a p50 beyond the best one's
  Contenders level;                   ///< they kept up, and neither can be told from the best one's
  Contender best;  ///< the lowest p99 of those that kept up, of all if none did; empty if nobody is left

  bool empty() const { return best.cell == nullptr; }
};

/// In how many repeats both have a valid run.
std::size_t shared_repeats(const Contender& a, const Contender& b);

Standing rank(const ExperimentResult& result, const LevelGroup& group);

/// The response time by which one is slower than another beyond the spread of the repeats, the p99 first. Nobody
/// is slower than a time of which only a lower bound is known.
std::optional<Metric> slower_by(const Contender& one, const Contender& best);

/// All that kept up.
Contenders kept_up(const Standing& standing);

/// All that are judged.
Contenders everybody(const Standing& standing);

/// Of those whose CPU time per request can't be told from the lowest, the one with the fewest threads. An unknown cost
/// is never the lowest. `contenders` must not be empty.
Contender cheapest(const Contenders& contenders);

/// What somebody paid beyond the cheapest.
struct Extravagance {
  Contender one;
  Metric metric = Metric::cpu;  ///< or `threads`
};

/// Who paid the most against the cheapest, beyond chance: in CPU time per request, or else in threads; nothing if
/// nobody did. Without repeats only twice the CPU time is told, as half as much again is often noise; threads are
/// counted. `contenders` must not be empty.
std::optional<Extravagance> dearest(const Contenders& contenders);

/// Whether more came in over a window than it answered, so that waits grow for as long as that lasts. A window always
/// ends with some requests under way, which is no backlog: with holds of mean H and L arrivals per second, a server
/// that makes nobody wait has n = L * H of them at any moment (Little), and their number is Poisson-distributed
/// (M/G/infinity). So the backlog grew where the window's arrivals exceed its responses by more than n + 2 sqrt(n), and
/// by more than 5 %. An unknown hold counts as none.
bool backlog_grew(const Contender& contender, std::chrono::nanoseconds window);

/// Whether it could not serve what came in over a window: more than 5 % of the requests went wrong, or its backlog
/// grew.
bool fell_behind(const Contender& contender, std::chrono::nanoseconds window);

}  // namespace waitlab::client
