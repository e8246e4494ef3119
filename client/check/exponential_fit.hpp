#pragma once

#include <vector>

namespace waitlab::client {

/// How far values are from an exponential law with their own mean.
struct ExponentialFit {
  double distance = 0;           ///< of the distribution functions at most (Kolmogorov-Smirnov)
  double limit = 0;              ///< what still counts as a fit
  double squared_variation = 0;  ///< 1 for an exponential law

  bool fits() const { return distance <= limit; }
};

/// The limit is the 95 % point of the distance among true samples of this size, 1.36 / sqrt(n), plus 0.02: a timer's
/// overshoot is always seen in a long run, and moves no queueing figure by more than it is off itself. `values` must
/// not be empty.
ExponentialFit fit_exponential(std::vector<double> values);

}  // namespace waitlab::client
