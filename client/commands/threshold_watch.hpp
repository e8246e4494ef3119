#pragma once

#include "client/engine/load_progress.hpp"
#include "client/record/threshold.hpp"

#include <cstdint>
#include <vector>

namespace waitlab::client {

/// Notices while a run goes on that a threshold is being missed: judged once a second on all the measured requests so
/// far, and believed when it is so twice running. A figure that the samples can't carry yet is not held against it, nor
/// is one about service times, which a running load does not tell.
class ThresholdWatch {
 public:
  explicit ThresholdWatch(std::vector<Threshold> thresholds) : thresholds_(std::move(thresholds)) {}

  /// To be asked with each progress in turn.
  bool missed(const LoadProgress& progress);

 private:
  bool misses_now(const LoadProgress& progress) const;

  std::vector<Threshold> thresholds_;
  std::uint64_t judged_seconds_ = 0;
  unsigned misses_ = 0;  ///< in a row
};

}  // namespace waitlab::client
