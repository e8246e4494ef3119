#include "common/histogram/hdr_histogram.hpp"

#include <cmath>
#include <functional>

namespace waitlab {

using std::chrono::nanoseconds;

std::uint64_t HdrHistogram::width_at(std::size_t index) noexcept {
  const auto range = index / half_count;
  return std::uint64_t{1} << (unit_magnitude + (range == 0 ? 0 : range - 1));
}

std::uint64_t HdrHistogram::lowest_at(std::size_t index) noexcept {
  const auto step = index < half_count ? index : index % half_count + half_count;
  return step * width_at(index);
}

nanoseconds HdrHistogram::highest_at(std::size_t index) noexcept {
  return nanoseconds{static_cast<std::int64_t>(lowest_at(index) + width_at(index) - 1)};
}

void HdrHistogram::merge(const HdrHistogram& other) noexcept {
  std::ranges::transform(counts_, other.counts_, counts_.begin(), std::plus{});
  total_ += other.total_;
  saturated_ += other.saturated_;
}

bool HdrHistogram::includes(const HdrHistogram& part) const noexcept {
  return std::ranges::equal(counts_, part.counts_, std::greater_equal{});
}

void HdrHistogram::subtract(const HdrHistogram& part) noexcept {
  std::ranges::transform(counts_, part.counts_, counts_.begin(), std::minus{});
  total_ -= part.total_;
  saturated_ -= part.saturated_;
}

void HdrHistogram::clear() noexcept {
  std::ranges::fill(counts_, 0);
  total_ = 0;
  saturated_ = 0;
}

nanoseconds HdrHistogram::min() const noexcept {
  const auto first = std::ranges::find_if(counts_, [](auto count) { return count > 0; });
  if (first == counts_.end()) return nanoseconds{0};
  return nanoseconds{static_cast<std::int64_t>(lowest_at(static_cast<std::size_t>(first - counts_.begin())))};
}

nanoseconds HdrHistogram::max() const noexcept {
  auto end = counts_.size();
  while (end > 0 && counts_[end - 1] == 0)
    --end;
  return end == 0 ? nanoseconds{0} : highest_at(end - 1);
}

double HdrHistogram::mean_ns() const noexcept {
  if (total_ == 0) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const auto middle = lowest_at(i) + width_at(i) / 2;
    sum += static_cast<double>(counts_[i]) * static_cast<double>(middle);
  }
  return sum / static_cast<double>(total_);
}

nanoseconds HdrHistogram::value_at(double quantile) const noexcept {
  if (total_ == 0) return nanoseconds{0};
  if (!(quantile > 0)) return min();
  // One step down, lest 0.07 of 100 come out a hair above 7 and be rounded up to 8.
  const double share = std::nextafter(std::min(quantile, 1.0), 0.0);
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total_)));
  std::size_t index = 0;
  for (std::uint64_t passed = counts_[0]; passed < wanted; passed += counts_[index])
    ++index;
  return highest_at(index);
}

}  // namespace waitlab
