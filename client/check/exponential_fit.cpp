#include "client/check/exponential_fit.hpp"

#include "client/check/sample.hpp"

#include <algorithm>
#include <cmath>

namespace waitlab::client {

ExponentialFit fit_exponential(std::vector<double> values) {
  const double middle = mean(values);
  const auto count = static_cast<double>(values.size());
  std::sort(values.begin(), values.end());
  ExponentialFit fit{.limit = 1.36 / std::sqrt(count) + 0.02, .squared_variation = squared_variation(values)};
  double below = 0;
  for (const double value : values) {
    const double expected = -std::expm1(-value / middle);
    fit.distance = std::max({fit.distance, expected - below / count, (below + 1) / count - expected});
    ++below;
  }
  return fit;
}

}  // namespace waitlab::client
