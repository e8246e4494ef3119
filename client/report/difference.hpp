#pragma once

#include "client/report/comparison.hpp"
#include "client/report/ratio.hpp"

#include <cstddef>
#include <optional>

namespace waitlab::client {

/// In how many repeats both have a figure. In each of these both met the same arrivals, and a backend with a seed held
/// the same requests equally long, so that they are compared repeat by repeat.
std::size_t shared_repeats(const Spread& a, const Spread& b);

/// How many times `b` is `a`: the geometric mean of the ratios in the repeats they share, with its 95 % interval
/// (`paired_ratio`). Without the interval where they share one, which knows no chance, or none: then it is the ratio of
/// the geometric means of all. Both must be above 0 in every repeat.
Estimate ratio_of(const Spread& a, const Spread& b);

/// Whether `a` is higher than `b` by more than chance: the interval of their ratio lies above 1, and the ratio is at
/// least 1.15. Without an interval the ratio must be at least 1.5. Where a figure is 0 in a repeat there is no ratio:
/// then all of `a` must lie above all of `b`, and their medians so far apart.
bool higher(const std::optional<Spread>& a, const std::optional<Spread>& b);

/// One of them is higher than the other.
bool differs(const std::optional<Spread>& a, const std::optional<Spread>& b);

}  // namespace waitlab::client
