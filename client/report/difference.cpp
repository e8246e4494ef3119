#include "client/report/difference.hpp"

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr double ratio_of_repeats = 1.15;
constexpr double ratio_of_one = 1.5;

}  // namespace

bool differs(const std::optional<Spread>& a, const std::optional<Spread>& b) {
  if (!a || !b) return false;
  const bool apart = a->min > b->max || b->min > a->max;
  const double high = std::max(a->median, b->median);
  const double low = std::min(a->median, b->median);
  return apart && high >= low * (std::min(a->runs, b->runs) > 1 ? ratio_of_repeats : ratio_of_one);
}

bool higher(const std::optional<Spread>& a, const std::optional<Spread>& b) {
  return differs(a, b) && a->median > b->median;
}

}  // namespace waitlab::client
