#include "client/report/difference.hpp"

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr double ratio_of_repeats = 1.15;
constexpr double ratio_of_one = 1.5;

bool repeated(const Spread& a, const Spread& b) {
  return std::min(a.runs, b.runs) > 1;
}

bool beyond_chance(const Spread& a, const Spread& b) {
  if (a.min > 0 && b.min > 0) return ratio_of(a, b).differs_from(1);
  return a.min > b.max || b.min > a.max;
}

}  // namespace

Estimate ratio_of(const Spread& a, const Spread& b) {
  if (repeated(a, b)) return welch_ratio(a.values, b.values);
  return {.value = geometric_mean(a.values).value / geometric_mean(b.values).value};
}

bool differs(const std::optional<Spread>& a, const std::optional<Spread>& b) {
  if (!a || !b) return false;
  const double high = std::max(a->median, b->median);
  const double low = std::min(a->median, b->median);
  if (!repeated(*a, *b)) return high > low && high >= low * ratio_of_one;
  return high >= low * ratio_of_repeats && beyond_chance(*a, *b);
}

bool higher(const std::optional<Spread>& a, const std::optional<Spread>& b) {
  return differs(a, b) && a->median > b->median;
}

}  // namespace waitlab::client
