#include "client/check/stays.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <cstddef>
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

namespace {

using Times = std::vector<std::chrono::nanoseconds>;

Times sorted_times(const std::vector<Stay>& stays, std::chrono::nanoseconds Stay::*which) {
  Times times;
  times.reserve(stays.size());
  for (const Stay& stay : stays)
    times.push_back(stay.*which);
  std::sort(times.begin(), times.end());
  return times;
}

}  // namespace

InFlight in_flight(const std::vector<Stay>& stays) {
  const Times comings = sorted_times(stays, &Stay::enqueued);
  const Times leavings = sorted_times(stays, &Stay::ended);
  InFlight found;
  found.span = leavings.back() - comings.front();
  double squares = 0;
  auto now = comings.front();
  auto coming = comings.begin();
  for (auto leaving = leavings.begin(); leaving != leavings.end();) {
    const bool comes = coming != comings.end() && *coming <= *leaving;
    const auto next = comes ? *coming : *leaving;
    const double there = static_cast<double>((coming - comings.begin()) - (leaving - leavings.begin()));
    const double area = there * Seconds(next - now).count();
    found.request_seconds += area;
    squares += there * area;
    now = next;
    comes ? static_cast<void>(++coming) : static_cast<void>(++leaving);
  }
  if (found.request_seconds == 0) return found;
  found.mean = found.request_seconds / found.span.count();
  found.dispersion = squares / found.request_seconds - found.mean;
  return found;
}

QueueFigures queue_figures(const std::vector<Stay>& stays, std::chrono::nanoseconds noticeable) {
  std::size_t waited = 0;
  std::vector<double> responses;
  responses.reserve(stays.size());
  for (const Stay& stay : stays) {
    if (stay.wait() > noticeable) ++waited;
    responses.push_back(Seconds(stay.response()).count());
  }
  return {.wait_share = static_cast<double>(waited) / static_cast<double>(stays.size()),
          .mean = Seconds(mean(responses)),
          .p99 = Seconds(quantile(responses, 0.99))};
}

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
