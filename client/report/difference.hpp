#pragma once

#include "client/report/comparison.hpp"
#include "client/report/ratio.hpp"

#include <cstddef>
#include <optional>

namespace waitlab::client {

/// The least ratio of two figures that is reported as a difference; and the least one of a single repeat, which does
/// not know what changes from run to run.
inline constexpr double smallest_ratio = 1.15;
inline constexpr double smallest_ratio_of_one_repeat = 1.5;

/// The number of repeats in which both have a figure. In each of these both got the same arrivals, and a backend with a
/// seed held the same requests equally long, so that they are compared repeat by repeat.
std::size_t shared_repeats(const Spread& a, const Spread& b);

/// The ratio of `a` to `b`: the geometric mean of the ratios in the repeats they share, or of all figures where they
/// share none. Its 95 % confidence interval holds both of those there are: over the repeats, if they share at least two
/// (`paired_ratio`), and within the runs, where these have intervals of their own (`mover_ratio`, which takes the two
/// for independent). Both must be above 0 in every repeat.
Estimate ratio_of(const Spread& a, const Spread& b);

/// Whether `a` is measurably higher than `b`: the ratio is at least `smallest_ratio`, or with a single repeat
/// `smallest_ratio_of_one_repeat`, and neither interval reaches down to 1: over the repeats one of 95 %, within the
/// runs one of 95 % for all of that many comparisons together (Bonferroni). Of figures that are taken from samples a
/// single repeat without intervals shows nothing, and several must do for all comparisons by themselves. Where a figure
/// is 0 in a repeat there is no ratio: then all of `a` must lie above all of `b`, and their medians must have that
/// ratio.
bool higher(const std::optional<Spread>& a, const std::optional<Spread>& b, unsigned comparisons = 1);

/// Whether one of them is measurably higher than the other.
bool differs(const std::optional<Spread>& a, const std::optional<Spread>& b, unsigned comparisons = 1);

}  // namespace waitlab::client
