#include "client/report/standing.hpp"

#include "client/report/difference.hpp"

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr double share_that_keeps_up = 0.95;

Contenders valid_contenders(const ExperimentResult& result, const RateGroup& group) {
  Contenders contenders;
  for (const Cell& cell : group.cells) {
    if (cell.runs > 0 && cell.valid) contenders.push_back({&result.targets[cell.target], &cell});
  }
  return contenders;
}

Contender lowest_p99(const Contenders& contenders) {
  return *std::ranges::min_element(contenders, {}, [](const Contender& one) { return one.median(Metric::p99); });
}

}  // namespace

double Contender::median(Metric metric) const {
  const auto& figure = (*cell)[metric];
  return figure ? figure->median : 0;
}

std::optional<Metric> slower_by(const Contender& one, const Contender& best) {
  for (const Metric metric : {Metric::p99, Metric::p50}) {
    if (higher(one[metric], best[metric])) return metric;
  }
  return std::nullopt;
}

double good_rate(const Contender& contender) {
  return contender.median(Metric::achieved) * (1 - contender.median(Metric::errors) / 100);
}

Standing rank(const ExperimentResult& result, const RateGroup& group) {
  Standing standing{.rate = group.rate, .behind = {}, .slower = {}, .level = {}, .best = {}};
  const Contenders all = valid_contenders(result, group);
  if (all.empty()) return standing;
  Contenders kept_up;
  for (const Contender& one : all) {
    const bool keeps_up = good_rate(one) >= share_that_keeps_up * one.median(Metric::arrived);
    (keeps_up ? kept_up : standing.behind).push_back(one);
  }
  standing.best = lowest_p99(kept_up.empty() ? all : kept_up);
  for (const Contender& one : kept_up) {
    (slower_by(one, standing.best) ? standing.slower : standing.level).push_back(one);
  }
  return standing;
}

}  // namespace waitlab::client
