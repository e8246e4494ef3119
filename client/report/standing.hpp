#pragma once

#include "client/record/experiment_result.hpp"
#include "client/report/comparison.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace waitlab::client {

/// One target at one level, as a verdict sees it.
struct Entrant {
  const ExperimentTarget* target = nullptr;
  const Cell* cell = nullptr;

  const std::string& name() const { return target->name; }
  const std::optional<Spread>& operator[](Metric metric) const { return (*cell)[metric]; }
  /// The median, or 0 where there is none.
  double median(Metric metric) const;
};

using Entrants = std::vector<Entrant>;

/// How the targets rank at one level. Only targets with valid figures are in it. It refers to the result and the
/// comparison from which it was made.
struct Standing {
  Level at;
  std::chrono::nanoseconds window{};  ///< the measured part of each run
  Entrants behind;                    ///< they could not serve what arrived, or could not for long: `fell_behind`,
                                      ///< `is_overbooked`
  Entrants slower;                    ///< they kept up, with a p99 or a p50 measurably above that of the best
  Entrants on_par;  ///< they kept up, with a p99 and a p50 that do not differ measurably from those of the best
  Entrant best;     ///< the lowest p99 of those that kept up, or of all if none did; empty without any entrant

  bool empty() const { return best.cell == nullptr; }
};

/// The number of repeats in which both have a valid run.
std::size_t shared_repeats(const Entrant& a, const Entrant& b);

Standing rank(const ExperimentResult& result, const LevelGroup& group);

/// The response time by which `one` is measurably slower than `best`, the p99 first. Nothing is slower than a time of
/// which only a lower bound is known.
std::optional<Metric> slower_by(const Entrant& one, const Entrant& best);

/// Whether that response time of `one` is measurably longer than that of `best`, of all that the experiment compares.
bool is_slower(const Entrant& one, const Entrant& best, Metric time);

/// Whether `one` used measurably more of it. Whatever else runs on a machine shows in CPU time and context switches, so
/// that of a single repeat they must be three times as high.
bool costs_more(const Entrant& one, const Entrant& other, Metric cost);

/// The entrants that kept up.
Entrants kept_up(const Standing& standing);

/// All entrants.
Entrants all_judged(const Standing& standing);

/// Of the entrants whose CPU time per request does not differ measurably from the lowest, the one with the fewest
/// threads. An unknown cost is never the lowest. `entrants` must not be empty.
Entrant cheapest(const Entrants& entrants);

/// The entrant that used the most, and of what.
struct HighestCost {
  Entrant one;
  Metric metric = Metric::cpu;  ///< or `threads`
};

/// The entrant that used measurably more than the cheapest: the most CPU time per request, or else the most threads;
/// nothing if none did (`costs_more`). `entrants` must not be empty.
std::optional<HighestCost> costliest(const Entrants& entrants);

/// Whether more requests arrived over a window than it answered, so that waits grow while the overload lasts. A window
/// always ends with some requests in flight, which is no backlog: with holds of mean H and L arrivals per second, a
/// server without a queue has n = L * H of them at any moment (Little), and their number is Poisson-distributed
/// (M/G/infinity). So the backlog grew where the window's arrivals exceed its responses by more than n + 2 sqrt(n), and
/// by more than 5 %. An unknown hold counts as none.
bool backlog_grew(const Entrant& entrant, std::chrono::nanoseconds window);

/// Whether it could not serve what arrived over a window: its error rate was above 5 %, or its backlog grew.
bool fell_behind(const Entrant& entrant, std::chrono::nanoseconds window);

/// Whether the offered rate is more than its workers can carry (`capacity_of`), whatever distribution the holds have:
/// its waits grow for as long as the load lasts, also where chance brought less into the window.
bool is_overbooked(const Entrant& entrant);

/// Whether it kept up with little to spare: from a utilisation of 90 % on, a little more load makes much longer waits.
bool is_close_to_its_limit(const Entrant& entrant);

}  // namespace waitlab::client
