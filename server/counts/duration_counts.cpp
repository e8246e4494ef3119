#include "server/counts/duration_counts.hpp"

#include <functional>
#include <numeric>

namespace waitlab::server {

std::uint64_t DurationCounts::total() const noexcept {
  return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

std::array<std::uint64_t, DurationCounts::wide_bounds.size() + 1> DurationCounts::wide() const noexcept {
  std::array<std::uint64_t, wide_bounds.size() + 1> wide{};
  std::size_t into = 0;
  for (std::size_t index = 0; index < size; ++index) {
    wide[into] += buckets[index];
    const bool ends = into < wide_bounds.size() && index < bounds_ns.size() &&
                      static_cast<double>(bounds_ns[index]) >= wide_bounds[into] * 1e9;
    if (ends) ++into;
  }
  return wide;
}

std::optional<std::chrono::nanoseconds> DurationCounts::percentile(double share) const noexcept {
  const double wanted = share * static_cast<double>(total());
  double below = 0;
  for (std::size_t index = 0; index < bounds_ns.size(); ++index) {
    const auto count = static_cast<double>(buckets[index]);
    if (count > 0 && below + count >= wanted) {
      const std::int64_t begin = index == 0 ? 0 : bounds_ns[index - 1];
      const auto width = static_cast<double>(bounds_ns[index] - begin);
      return std::chrono::nanoseconds(begin + static_cast<std::int64_t>(width * (wanted - below) / count));
    }
    below += count;
  }
  if (buckets.back() == 0) return std::nullopt;
  return std::chrono::nanoseconds(bounds_ns.back());
}

DurationCounts& DurationCounts::operator+=(const DurationCounts& other) noexcept {
  std::transform(buckets.begin(), buckets.end(), other.buckets.begin(), buckets.begin(), std::plus<>());
  sum_ns += other.sum_ns;
  return *this;
}

DurationCounts DurationCounts::operator-(const DurationCounts& earlier) const noexcept {
  DurationCounts since;
  std::transform(buckets.begin(), buckets.end(), earlier.buckets.begin(), since.buckets.begin(), std::minus<>());
  since.sum_ns = sum_ns - earlier.sum_ns;
  return since;
}

}  // namespace waitlab::server
