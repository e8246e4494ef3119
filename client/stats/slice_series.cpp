#include "client/stats/slice_series.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace waitlab::client {
namespace {

using Counts = std::vector<std::pair<std::chrono::nanoseconds, std::uint64_t>>;

/// The value at `quantile` in [0, 1] of values in ascending order; nothing where fewer than `fewest` are there.
std::optional<std::chrono::nanoseconds> value_at(const Counts& counts, double quantile, std::uint64_t fewest) {
  std::uint64_t all = 0;
  for (const auto& [value, count] : counts)
    all += count;
  if (all < fewest) return std::nullopt;
  const auto rank = static_cast<std::uint64_t>(std::ceil(quantile * static_cast<double>(all)));
  std::uint64_t passed = 0;
  const auto reached =
      std::ranges::find_if(counts, [&](const auto& entry) { return (passed += entry.second) >= rank; });
  return reached->first;
}

constexpr std::size_t fewest_slices = 10;
constexpr std::size_t most_edge_share = 8;  ///< an eighth of the slices at either end

/// The variance of the sum of a stationary series with mean 0, of which `series` is all that was seen. Geyer's initial
/// positive sequence: autocovariances are added two by two for as long as the pairs are positive, since what follows is
/// noise.
double variance_of_sum(const std::vector<double>& series) {
  const auto autocovariance = [&series](std::size_t lag) {
    const auto shifted = series.begin() + static_cast<std::ptrdiff_t>(lag);
    return std::inner_product(shifted, series.end(), series.begin(), 0.0);
  };
  double sum = -autocovariance(0);
  for (std::size_t lag = 0; lag + 1 < series.size(); lag += 2) {
    const double pair = autocovariance(lag) + autocovariance(lag + 1);
    if (pair <= 0) break;
    sum += 2 * pair;
  }
  return sum;
}

}  // namespace

SliceSeries::Counts SliceSeries::counts_of(const CensoredHistogram& histogram) {
  Counts counts;
  histogram.values.for_each_bucket(
      [&counts](const HdrHistogram::Bucket& bucket) { counts.emplace_back(bucket.highest, bucket.count); });
  return counts;
}

void SliceSeries::join(Counts& counts, const Counts& other) {
  Counts joined;
  joined.reserve(counts.size() + other.size());
  std::merge(counts.begin(), counts.end(), other.begin(), other.end(), std::back_inserter(joined));
  counts.clear();
  for (const auto& [value, count] : joined) {
    if (!counts.empty() && counts.back().first == value)
      counts.back().second += count;
    else
      counts.emplace_back(value, count);
  }
}

void SliceSeries::join(Entry& entry, const Entry& other) {
  join(entry.response_time, other.response_time);
  join(entry.service_time, other.service_time);
  entry.ended += other.ended;
  entry.errors += other.errors;
}

void SliceSeries::halve() {
  std::vector<Entry> halved((entries_.size() + 1) / 2);
  for (std::size_t i = 0; i < entries_.size(); ++i)
    join(halved[i / 2], entries_[i]);
  entries_ = std::move(halved);
  ++shift_;
}

void SliceSeries::add(const Slice& slice) {
  const std::uint64_t since_first = slice.index - first_;
  while (since_first >> shift_ >= most_slices)
    halve();
  const auto index = static_cast<std::size_t>(since_first >> shift_);
  if (index >= entries_.size()) entries_.resize(index + 1);
  join(entries_[index], {.response_time = counts_of(slice.response_time),
                         .service_time = counts_of(slice.service_time),
                         .ended = slice.ended,
                         .errors = slice.errors});
}

std::span<const SliceSeries::Entry> SliceSeries::without_edges(std::chrono::nanoseconds long_time) const {
  const auto width = slice_width.count() << shift_;
  const auto whole_slices = static_cast<std::size_t>(long_time.count() / width);
  const std::size_t touched = whole_slices == 0 ? 0 : whole_slices + 1;
  const std::size_t edge = std::min(touched, entries_.size() / most_edge_share);
  return std::span(entries_).subspan(edge, entries_.size() - 2 * edge);
}

double SliceSeries::worth_of_a_sample(std::span<const Entry> entries, Counts Entry::*times,
                                      std::chrono::nanoseconds quantile_value) {
  std::vector<double> samples;
  std::vector<double> above;
  for (const Entry& entry : entries) {
    double& samples_here = samples.emplace_back(0);
    double& above_here = above.emplace_back(0);
    for (const auto& [value, count] : entry.*times) {
      samples_here += static_cast<double>(count);
      if (value > quantile_value) above_here += static_cast<double>(count);
    }
  }
  const double n = std::accumulate(samples.begin(), samples.end(), 0.0);
  const double share = n > 0 ? std::accumulate(above.begin(), above.end(), 0.0) / n : 0;
  for (std::size_t i = 0; i < samples.size(); ++i)
    above[i] -= share * samples[i];
  const double independent = n * share * (1 - share);  // variance of the number above, were the samples independent
  const double seen = variance_of_sum(above);
  return seen <= independent ? 1 : independent / seen;
}

RunStretch SliceSeries::stretch_of(const Entry& entry) {
  return {.ended = entry.ended,
          .errors = entry.errors,
          .p50 = value_at(entry.response_time, 0.50, 2),
          .p99 = value_at(entry.response_time, 0.99, 100),
          .max = value_at(entry.response_time, 1, 1)};
}

RunSeries SliceSeries::response_times() const {
  RunSeries series{.begin = first_ * slice_width, .width = slice_width * (1 << shift_), .stretches = {}};
  std::ranges::transform(entries_, std::back_inserter(series.stretches), stretch_of);
  return series;
}

EffectiveSamples SliceSeries::effective_samples(Counts Entry::*times, const CensoredHistogram& whole) const {
  EffectiveSamples effective{};
  const auto entries = without_edges(whole.values.value_at(shown_quantiles.back().share));
  if (entries.size() < fewest_slices) return effective;
  const auto n = static_cast<double>(whole.values.count());
  for (std::size_t i = 0; i < effective.size(); ++i)
    effective[i] = n * worth_of_a_sample(entries, times, whole.values.value_at(shown_quantiles[i].share));
  return effective;
}

EffectiveSamples SliceSeries::effective_response_samples(const CensoredHistogram& whole) const {
  return effective_samples(&Entry::response_time, whole);
}

EffectiveSamples SliceSeries::effective_service_samples(const CensoredHistogram& whole) const {
  return effective_samples(&Entry::service_time, whole);
}

}  // namespace waitlab::client
