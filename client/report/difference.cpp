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

Estimate ratio_of(const Spread& a, const Spread& b) {
  const auto [of_a, of_b] = pairs(a, b);
  if (of_a.empty()) return {.value = geometric_mean(all(a)).value / geometric_mean(all(b)).value};
  return paired_ratio(of_a, of_b);
}

bool higher(const std::optional<Spread>& a, const std::optional<Spread>& b) {
  if (!a || !b) return false;
  if (has_zeros(*a) || has_zeros(*b)) {
    const double needed = shared_repeats(*a, *b) > 1 ? smallest_ratio : smallest_ratio_of_one_repeat;
    return a->min > b->max && a->median >= b->median * needed;
  }
  const Estimate ratio = ratio_of(*a, *b);
  return ratio.low ? *ratio.low > 1 && ratio.value >= smallest_ratio : ratio.value >= smallest_ratio_of_one_repeat;
}

bool differs(const std::optional<Spread>& a, const std::optional<Spread>& b) {
  return higher(a, b) || higher(b, a);
}

}  // namespace waitlab::client
