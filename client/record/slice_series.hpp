#pragma once

#include "client/record/quantiles.hpp"
#include "client/record/slice.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace waitlab::client {

/// A run's measured requests as a series in time, which tells how much neighbours resemble each other. Keeps at most
/// `most_slices`, joining neighbours two by two as the run grows, so its memory is bounded. Slices of several threads
/// may come in any order. Not thread-safe.
class SliceSeries {
 public:
  static constexpr std::size_t most_slices = 1024;

  void add(const Slice& slice);

  /// How many independent samples the requests are worth when each of `shown_quantiles` is estimated from them: the
  /// variance of the share above the quantile, seen over the slices and their autocovariances (Geyer's initial positive
  /// sequence, 1992), against the p(1 - p)/n of independent ones. At most the number of samples. 0 where there are too
  /// few slices to tell (fewer than 10).
  EffectiveSamples effective_response_samples(const CensoredHistogram& whole) const;
  EffectiveSamples effective_service_samples(const CensoredHistogram& whole) const;

 private:
  /// The buckets in use of a histogram: values in ascending order with their counts.
  using Counts = std::vector<std::pair<std::chrono::nanoseconds, std::uint64_t>>;
  struct Entry {
    Counts response_time;
    Counts service_time;
  };

  std::vector<Entry> entries_;  ///< by index >> shift_
  unsigned shift_ = 0;          ///< 2^shift_ slices to an entry
};

}  // namespace waitlab::client
