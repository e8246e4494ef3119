#pragma once

#include "client/engine/feed.hpp"
#include "client/engine/load_progress.hpp"
#include "client/record/load_record.hpp"
#include "client/record/slice.hpp"
#include "client/stats/slice_series.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace waitlab::client {

/// Puts the slices of all load threads together: as they come for whoever watches, and as a series of each step, which
/// says how many independent samples a percentile rests on. Used by one thread.
class RunCourse {
 public:
  explicit RunCourse(const Timeline& timeline);

  void add(const Slice& slice);

  /// Fills in the progress at this moment of the measured part. The pointers are valid until the next call of either.
  void show(LoadProgress& progress, std::chrono::nanoseconds measured);

  /// Sets the effective samples of the whole run's record, and of one step's.
  void judge_samples(LoadRecord& whole) const;
  void judge_samples(LoadRecord& record, std::size_t step) const;

  /// The whole run in the course of time.
  RunSeries timeline() const { return whole_.response_times(); }

 private:
  SliceSeries whole_;
  std::vector<SliceSeries> steps_;
  CensoredHistogram so_far_;
  std::map<std::uint64_t, CensoredHistogram> seconds_;  ///< those not yet over
  CensoredHistogram last_second_;
  std::uint64_t ended_ = 0;
  std::uint64_t errors_ = 0;
  std::uint64_t shown_ = 0;  ///< whole seconds
};

}  // namespace waitlab::client
