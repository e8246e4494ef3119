#pragma once

#include "client/theory/seconds.hpp"

#include <functional>

namespace waitlab::client {

/// The least t with tail(t) <= 1 - quantile, by bisection to nine digits. `tail` is P(X > t), falling to 0; `quantile`
/// in [0, 1); `scale`: a time of the order of the answer, above 0, to begin with.
Seconds tail_quantile(const std::function<double(Seconds)>& tail, double quantile, Seconds scale);

}  // namespace waitlab::client
