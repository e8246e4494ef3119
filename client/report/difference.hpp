#pragma once

#include "client/report/comparison.hpp"
#include "client/report/ratio.hpp"

#include <cstddef>
#include <optional>

namespace waitlab::client {

/// The least ratio of two figures that is reported as a difference, if its interval lies above 1; and the least one
/// where a single repeat gives no interval.
inline constexpr double smallest_ratio = 1.15;
inline constexpr double smallest_ratio_of_one_repeat = 1.5;

/// The number of repeats in which both have a figure. In each of these both got the same arrivals, and a backend with a
/// seed held the same requests equally long, so that they are compared repeat by repeat.
std::size_t shared_repeats(const Spread& a, const Spread& b);

/// The ratio of `a` to `b`: the geometric mean of the ratios in the repeats they share, with its 95 % confidence
/// interval
/// (`paired_ratio`). There is no interval where they share one repeat, or none: then it is the ratio of the geometric
/// means of all. Both must be above 0 in every repeat.
Estimate ratio_of(const Spread& a, const Spread& b);

/// Whether `a` is measurably higher than `b`: the interval of their ratio lies above 1, and the ratio is at least
/// `smallest_ratio`. Without an interval the ratio must be at least `smallest_ratio_of_one_repeat`. Where a figure is 0
/// in a repeat there is no ratio: then all of `a` must lie above all of `b`, and their medians must have that ratio.
bool higher(const std::optional<Spread>& a, const std::optional<Spread>& b);

/// Whether one of them is measurably higher than the other.
bool differs(const std::optional<Spread>& a, const std::optional<Spread>& b);

}  // namespace waitlab::client
