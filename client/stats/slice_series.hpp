#pragma once

#include "client/record/quantiles.hpp"
#include "client/record/slice.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace waitlab::client {

/// A run's measured requests as a time series, which shows the course of the run and how much neighbouring requests are
/// correlated. Keeps at most `most_slices`, merging neighbours in pairs as the run grows, so its memory is bounded: 16
/// bytes for each value in use in a slice. Slices of several threads may come in any order. Not thread-safe.
class SliceSeries {
 public:
  static constexpr std::size_t most_slices = 1024;

  /// `first`: index of the first slice that may be added, so that a series which begins late begins with no gap.
  explicit SliceSeries(std::uint64_t first = 0) : first_(first) {}

  void add(const Slice& slice);

  /// The effective sample size of the requests for each of `shown_quantiles`: the variance of the share above the
  /// quantile over the slices, with its autocovariances (Geyer: "Practical Markov Chain Monte Carlo", 1992, initial
  /// positive sequence), compared with the p(1 - p)/n of independent samples. Slices hold
  /// different numbers of samples, so the share is a ratio estimator (Cochran: "Sampling Techniques", 1977, chapter 6).
  /// At most the number of samples, and that where nothing lies above the quantile. 0 where there are too few slices to
  /// tell (fewer than 10). `whole` is the histogram of all that was added. Meant for the end of a run: it reads every
  /// slice and compares each with its neighbours.
  EffectiveSamples effective_response_samples(const CensoredHistogram& whole) const;
  EffectiveSamples effective_service_samples(const CensoredHistogram& whole) const;

  /// The response times from the first slice on, in stretches of as many slices as were joined.
  RunSeries response_times() const;

 private:
  /// The buckets in use of a histogram: the highest value of each, in ascending order, with its count.
  using Counts = std::vector<std::pair<std::chrono::nanoseconds, std::uint64_t>>;
  struct Entry {
    Counts response_time;
    Counts service_time;
    std::uint64_t ended = 0;
    std::uint64_t errors = 0;
  };

  static Counts counts_of(const CensoredHistogram& histogram);
  static void join(Counts& counts, const Counts& other);
  static void join(Entry& entry, const Entry& other);
  static RunStretch stretch_of(const Entry& entry);
  void halve();
  /// Without the slices at both ends that are biased: requests from before the run are not measured in the first, and
  /// only long requests end in the last.
  std::span<const Entry> without_edges(std::chrono::nanoseconds long_time) const;
  static double worth_of_a_sample(std::span<const Entry> entries, Counts Entry::*times,
                                  std::chrono::nanoseconds quantile_value);
  EffectiveSamples effective_samples(Counts Entry::*times, const CensoredHistogram& whole) const;

  std::uint64_t first_;
  std::vector<Entry> entries_;  ///< by (index - first_) >> shift_
  unsigned shift_ = 0;          ///< 2^shift_ slices to an entry
};

}  // namespace waitlab::client
