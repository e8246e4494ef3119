#pragma once

#include "client/report/comparison.hpp"

#include <optional>

namespace waitlab::client {

/// Whether two figures over repeats differ by more than chance: their ranges don't overlap, and their medians are at
/// least 15 % apart (50 % where one has a single repeat, which knows no chance). Careful rather than sharp: the repeats
/// of two targets share their arrivals, so they vary together, and a small difference may be real and yet not shown.
bool differs(const std::optional<Spread>& a, const std::optional<Spread>& b);

/// `differs`, and `a` is the higher one.
bool higher(const std::optional<Spread>& a, const std::optional<Spread>& b);

}  // namespace waitlab::client
