#include "client/report/difference.hpp"

#include <utility>
#include <vector>

namespace waitlab::client {
namespace {

using Figures = std::vector<double>;

Figures all(const Spread& spread) {
  Figures figures;
  for (const auto& [repeat, figure] : spread.by_repeat)
    figures.push_back(figure);
  return figures;
}

/// The figures of the repeats that both have, in the same order.
std::pair<Figures, Figures> pairs(const Spread& a, const Spread& b) {
  std::pair<Figures, Figures> shared;
  for (const auto& [repeat, figure] : a.by_repeat) {
    const auto other = b.by_repeat.find(repeat);
    if (other == b.by_repeat.end()) continue;
    shared.first.push_back(figure);
    shared.second.push_back(other->second);
  }
  return shared;
}

bool has_zeros(const Spread& spread) {
  return spread.min <= 0;
}

}  // namespace

std::size_t shared_repeats(const Spread& a, const Spread& b) {
  return pairs(a, b).first.size();
}

namespace {

/// Without an interval where they share one repeat or none.
Estimate over_repeats(const Spread& a, const Spread& b, double risk = usual_risk) {
  const auto [of_a, of_b] = pairs(a, b);
  if (of_a.empty()) return {.value = geometric_mean(all(a)).value / geometric_mean(all(b)).value};
  return paired_ratio(of_a, of_b, risk);
}

/// The intervals of `a` in the repeats that both have, or in all where there is none.
std::vector<Estimate> intervals(const Spread& a, const Spread& b) {
  std::vector<Estimate> some;
  const bool shared = shared_repeats(a, b) > 0;
  for (const auto& [repeat, interval] : a.within) {
    if (!shared || b.within.contains(repeat)) some.push_back(interval);
  }
  return some;
}

bool is_of_samples(const Spread& spread) {
  return !spread.within.empty();
}

/// Without an interval where the runs have none of their own.
Estimate within_runs(const Spread& a, const Spread& b) {
  const auto of_a = intervals(a, b);
  const auto of_b = intervals(b, a);
  if (of_a.empty() || of_b.empty()) return {.value = over_repeats(a, b).value};
  return ratio_within_runs(of_a, of_b);
}

bool lies_above_one(const Estimate& ratio) {
  return ratio.low && *ratio.low > 1;
}

/// What the samples of the runs say to a ratio that the repeats, if there are several, confirm.
bool samples_confirm(const Spread& a, const Spread& b, unsigned comparisons) {
  const double risk = usual_risk / comparisons;
  const Estimate within = within_runs(a, b);
  if (within.low) return lies_above_one(at_risk(risk, within));
  return shared_repeats(a, b) > 1 && lies_above_one(over_repeats(a, b, risk));
}

}  // namespace

Estimate ratio_of(const Spread& a, const Spread& b) {
  return hull(over_repeats(a, b), within_runs(a, b));
}

bool higher(const std::optional<Spread>& a, const std::optional<Spread>& b, unsigned comparisons) {
  if (!a || !b) return false;
  const bool repeated = shared_repeats(*a, *b) > 1;
  const double needed = repeated ? smallest_ratio : smallest_ratio_of_one_repeat;
  if (has_zeros(*a) || has_zeros(*b)) return a->min > b->max && a->median >= b->median * needed;
  const Estimate ratio = over_repeats(*a, *b);
  if (ratio.value < needed || (repeated && !lies_above_one(ratio))) return false;
  return !is_of_samples(*a) || samples_confirm(*a, *b, comparisons);
}

bool differs(const std::optional<Spread>& a, const std::optional<Spread>& b, unsigned comparisons) {
  return higher(a, b, comparisons) || higher(b, a, comparisons);
}

}  // namespace waitlab::client
