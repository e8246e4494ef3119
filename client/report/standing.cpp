#include "client/report/standing.hpp"

#include "client/report/difference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace waitlab::client {
namespace {

constexpr double share_that_matters = 0.05;
constexpr double cpu_ratio_without_chance = 2;

Contenders valid_contenders(const ExperimentResult& result, const LevelGroup& group) {
  Contenders contenders;
  for (const Cell& cell : group.cells) {
    if (cell.runs > 0 && cell.valid) contenders.push_back({&result.targets[cell.target], &cell});
  }
  return contenders;
}

double known_or_infinite(const std::optional<Spread>& figure) {
  return figure ? figure->median : std::numeric_limits<double>::infinity();
}

/// Of CPU times that `higher` tells apart.
bool clearly_dearer(const Spread& high, const Spread& low) {
  return shared_repeats(high, low) > 1 || ratio_of(high, low).value >= cpu_ratio_without_chance;
}

/// The lowest p99, then the lowest p50; an unknown one is never the lowest.
Contender fastest(const Contenders& contenders) {
  return *std::ranges::min_element(contenders, {}, [](const Contender& one) {
    return std::pair(known_or_infinite(one[Metric::p99]), known_or_infinite(one[Metric::p50]));
  });
}

}  // namespace

double Contender::median(Metric metric) const {
  const auto& figure = (*cell)[metric];
  return figure ? figure->median : 0;
}

std::size_t shared_repeats(const Contender& a, const Contender& b) {
  return shared_repeats(*a[Metric::arrived], *b[Metric::arrived]);  // every run has one
}

std::optional<Metric> slower_by(const Contender& one, const Contender& best) {
  for (const Metric metric : {Metric::p99, Metric::p50}) {
    if (higher(one[metric], best[metric]) && !best[metric]->at_least) return metric;
  }
  return std::nullopt;
}

Contenders kept_up(const Standing& standing) {
  Contenders all = standing.level;
  all.insert(all.end(), standing.slower.begin(), standing.slower.end());
  return all;
}

Contenders everybody(const Standing& standing) {
  Contenders all = kept_up(standing);
  all.insert(all.end(), standing.behind.begin(), standing.behind.end());
  return all;
}

Contender cheapest(const Contenders& contenders) {
  const auto cpu = [](const Contender& one) { return known_or_infinite(one[Metric::cpu]); };
  const Contender lowest = *std::ranges::min_element(contenders, {}, cpu);
  return *std::ranges::min_element(contenders, {}, [&](const Contender& one) {
    const bool dearer = !one[Metric::cpu] || higher(one[Metric::cpu], lowest[Metric::cpu]);
    return std::pair(dearer, known_or_infinite(one[Metric::threads]));
  });
}

std::optional<Extravagance> dearest(const Contenders& contenders) {
  const Contender low = cheapest(contenders);
  for (const Metric metric : {Metric::cpu, Metric::threads}) {
    const Contender high =
        *std::ranges::max_element(contenders, {}, [metric](const Contender& one) { return one.median(metric); });
    if (!higher(high[metric], low[metric]) || low[metric]->min <= 0) continue;
    if (metric == Metric::threads || clearly_dearer(*high[metric], *low[metric])) return Extravagance{high, metric};
  }
  return std::nullopt;
}

bool backlog_grew(const Contender& contender, std::chrono::nanoseconds window) {
  const double seconds = std::chrono::duration<double>(window).count();
  const double arrived = contender.median(Metric::arrived);
  const double left_over = (arrived - contender.median(Metric::achieved)) * seconds;
  const double under_way = arrived * contender.median(Metric::hold) / 1e3;
  return left_over > under_way + 2 * std::sqrt(under_way) && left_over > share_that_matters * arrived * seconds;
}

bool fell_behind(const Contender& contender, std::chrono::nanoseconds window) {
  return contender.median(Metric::errors) > 100 * share_that_matters || backlog_grew(contender, window);
}

Standing rank(const ExperimentResult& result, const LevelGroup& group) {
  Standing standing{
      .at = group.level, .window = result.load.duration, .behind = {}, .slower = {}, .level = {}, .best = {}};
  const Contenders all = valid_contenders(result, group);
  if (all.empty()) return standing;
  Contenders in_time;
  for (const Contender& one : all) {
    (fell_behind(one, result.load.duration) ? standing.behind : in_time).push_back(one);
  }
  standing.best = fastest(in_time.empty() ? all : in_time);
  for (const Contender& one : in_time) {
    (slower_by(one, standing.best) ? standing.slower : standing.level).push_back(one);
  }
  return standing;
}

}  // namespace waitlab::client
