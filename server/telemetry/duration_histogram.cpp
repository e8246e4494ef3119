#include "server/telemetry/duration_histogram.hpp"

namespace waitlab::server {

DurationCounts DurationHistogram::counts() const noexcept {
  DurationCounts counts;
  for (std::size_t index = 0; index < DurationCounts::size; ++index)
    counts.buckets[index] = buckets_[index].load(std::memory_order_relaxed);
  return counts;
}

std::array<std::uint64_t, DurationHistogram::bounds.size() + 1> DurationHistogram::wide_counts() const noexcept {
  std::array<std::uint64_t, bounds.size() + 1> wide{};
  const DurationCounts narrow = counts();
  std::size_t into = 0;
  for (std::size_t index = 0; index < DurationCounts::size; ++index) {
    wide[into] += narrow.buckets[index];
    const bool ends = into < bounds.size() && index < DurationCounts::bounds_ns.size() &&
                      static_cast<double>(DurationCounts::bounds_ns[index]) >= bounds[into] * 1e9;
    if (ends) ++into;
  }
  return wide;
}

}  // namespace waitlab::server
