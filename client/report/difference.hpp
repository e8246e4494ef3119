#pragma once

#include "client/report/comparison.hpp"
#include "client/report/ratio.hpp"

#include <optional>

namespace waitlab::client {

/// How many times `b` is `a`: the ratio of their geometric means with its 95 % interval (`welch_ratio`). Without the
/// interval where one of them has a single repeat, which knows no chance. Both must be above 0 in every repeat.
Estimate ratio_of(const Spread& a, const Spread& b);

/// Whether two figures over repeats differ by more than chance: the interval of their ratio leaves out 1, or, where a
/// figure is 0 in a repeat and there is no ratio, their ranges do not overlap; and their medians are at least 15 %
/// apart (50 % where one has a single repeat). Careful rather than sharp: the repeats of two targets share their
/// arrivals, so they vary together, and a small difference may be real and yet not shown.
bool differs(const std::optional<Spread>& a, const std::optional<Spread>& b);

/// `differs`, and `a` is the higher one.
bool higher(const std::optional<Spread>& a, const std::optional<Spread>& b);

}  // namespace waitlab::client
