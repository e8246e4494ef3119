#include "client/report/standing.hpp"

#include "client/report/difference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace waitlab::client {
namespace {

constexpr double share_that_matters = 0.05;
constexpr double use_ratio_of_one_repeat = 3;
constexpr double percent_of_a_full_pool = 100;
constexpr double percent_close_to_the_limit = 90;

Entrants valid_entrants(const ExperimentResult& result, const LevelGroup& group) {
  Entrants entrants;
  for (const Cell& cell : group.cells) {
    if (cell.runs > 0 && cell.valid) entrants.push_back({&result.targets[cell.target], &cell});
  }
  return entrants;
}

double known_or_infinite(const std::optional<Spread>& figure) {
  return figure ? figure->median : std::numeric_limits<double>::infinity();
}

/// The lowest p99, then the lowest p50; an unknown one is never the lowest.
Entrant fastest(const Entrants& entrants) {
  return *std::ranges::min_element(entrants, {}, [](const Entrant& one) {
    return std::pair(known_or_infinite(one[Metric::p99]), known_or_infinite(one[Metric::p50]));
  });
}

}  // namespace

double Entrant::median(Metric metric) const {
  const auto& figure = (*cell)[metric];
  return figure ? figure->median : 0;
}

std::size_t shared_repeats(const Entrant& a, const Entrant& b) {
  return shared_repeats(*a[Metric::arrived], *b[Metric::arrived]);  // every run has one
}

bool is_slower(const Entrant& one, const Entrant& best, Metric time) {
  return higher(one[time], best[time], one.cell->comparisons) && !best[time]->at_least;
}

std::optional<Metric> slower_by(const Entrant& one, const Entrant& best) {
  for (const Metric time : {Metric::p99, Metric::p50}) {
    if (is_slower(one, best, time)) return time;
  }
  return std::nullopt;
}

bool costs_more(const Entrant& one, const Entrant& other, Metric cost) {
  if (!higher(one[cost], other[cost])) return false;
  const bool is_exact = cost != Metric::cpu && cost != Metric::switches;
  return is_exact || shared_repeats(*one[cost], *other[cost]) > 1 || other[cost]->min <= 0 ||
         ratio_of(*one[cost], *other[cost]).value >= use_ratio_of_one_repeat;
}

Entrants kept_up(const Standing& standing) {
  Entrants all = standing.on_par;
  all.insert(all.end(), standing.slower.begin(), standing.slower.end());
  return all;
}

Entrants all_judged(const Standing& standing) {
  Entrants all = kept_up(standing);
  all.insert(all.end(), standing.behind.begin(), standing.behind.end());
  return all;
}

Entrant cheapest(const Entrants& entrants) {
  const auto cpu = [](const Entrant& one) { return known_or_infinite(one[Metric::cpu]); };
  const Entrant lowest = *std::ranges::min_element(entrants, {}, cpu);
  return *std::ranges::min_element(entrants, {}, [&](const Entrant& one) {
    const bool costlier = !one[Metric::cpu] || costs_more(one, lowest, Metric::cpu);
    return std::pair(costlier, known_or_infinite(one[Metric::threads]));
  });
}

std::optional<HighestCost> costliest(const Entrants& entrants) {
  const Entrant low = cheapest(entrants);
  for (const Metric metric : {Metric::cpu, Metric::threads}) {
    const Entrant high =
        *std::ranges::max_element(entrants, {}, [metric](const Entrant& one) { return one.median(metric); });
    if (costs_more(high, low, metric) && low[metric]->min > 0) return HighestCost{high, metric};
  }
  return std::nullopt;
}

bool backlog_grew(const Entrant& entrant, std::chrono::nanoseconds window) {
  const double seconds = std::chrono::duration<double>(window).count();
  const double arrived = entrant.median(Metric::arrived);
  const double left_over = (arrived - entrant.median(Metric::achieved)) * seconds;
  const double under_way = arrived * entrant.median(Metric::hold) / 1e3;
  return left_over > under_way + 2 * std::sqrt(under_way) && left_over > share_that_matters * arrived * seconds;
}

bool fell_behind(const Entrant& entrant, std::chrono::nanoseconds window) {
  return entrant.median(Metric::errors) > 100 * share_that_matters || backlog_grew(entrant, window);
}

bool is_overbooked(const Entrant& entrant) {
  return entrant.median(Metric::utilisation) > percent_of_a_full_pool;
}

bool is_close_to_its_limit(const Entrant& entrant) {
  return entrant.median(Metric::utilisation) >= percent_close_to_the_limit && !is_overbooked(entrant);
}

Standing rank(const ExperimentResult& result, const LevelGroup& group) {
  Standing standing{
      .at = group.level, .window = result.load.duration, .behind = {}, .slower = {}, .on_par = {}, .best = {}};
  const Entrants all = valid_entrants(result, group);
  if (all.empty()) return standing;
  Entrants in_time;
  for (const Entrant& one : all) {
    const bool behind = is_overbooked(one) || fell_behind(one, result.load.duration);
    (behind ? standing.behind : in_time).push_back(one);
  }
  standing.best = fastest(in_time.empty() ? all : in_time);
  for (const Entrant& one : in_time) {
    (slower_by(one, standing.best) ? standing.slower : standing.on_par).push_back(one);
  }
  return standing;
}

}  // namespace waitlab::client
