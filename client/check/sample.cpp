#include "client/check/sample.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace waitlab::client {

std::vector<double> seconds_of(const std::vector<std::chrono::nanoseconds>& times) {
  std::vector<double> seconds;
  seconds.reserve(times.size());
  for (const auto time : times)
    seconds.push_back(Seconds(time).count());
  return seconds;
}

double quantile(std::vector<double>& values, double share) {
  assert(!values.empty());
  const double rank = std::ceil(share * static_cast<double>(values.size()));
  const auto index = static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
  std::nth_element(values.begin(), values.begin() + index, values.end());
  return values[static_cast<std::size_t>(index)];
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double squared_variation(const std::vector<double>& values) {
  const double middle = mean(values);
  double squares = 0;
  for (const double value : values)
    squares += (value - middle) * (value - middle);
  return squares / static_cast<double>(values.size()) / (middle * middle);
}

}  // namespace waitlab::client
