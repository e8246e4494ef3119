#include "client/check/in_flight.hpp"

#include <algorithm>
#include <chrono>

namespace waitlab::client {
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

}  // namespace waitlab::client
