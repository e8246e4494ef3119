#pragma once

#include "client/theory/seconds.hpp"

#include <vector>

namespace waitlab::client {

std::vector<double> seconds_of(const std::vector<std::chrono::nanoseconds>& times);

/// The smallest of the values that is no less than this share of them; reorders them. `values` must not be empty, and
/// `share` be in [0, 1].
double quantile(std::vector<double>& values, double share);

double mean(const std::vector<double>& values);

/// The variance over the square of the mean: 1 for an exponential law, 0 for a constant.
double squared_variation(const std::vector<double>& values);

}  // namespace waitlab::client
