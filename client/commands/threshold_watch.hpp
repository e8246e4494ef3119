#pragma once

#include "client/engine/load_progress.hpp"
#include "client/judge/threshold.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace waitlab::client {

/// Notices while a run goes on that a threshold is being missed: judged once a second on all the measured requests so
/// far, and believed when it is so twice running. A figure that the samples can't carry yet is not held against it, nor
/// is one that is known at the end only; see `can_judge`.
class ThresholdWatch {
 public:
  explicit ThresholdWatch(std::vector<Threshold> thresholds) : thresholds_(std::move(thresholds)) {}

  /// Whether it is one to be judged before the end. A running load does not tell service times; and of a rate nobody
  /// knows what it will be, while responses that count are under way.
  static bool can_judge(const Threshold& threshold);

  /// To be asked with each progress in turn.
  bool missed(const LoadProgress& progress);
  /// What is being missed, as it was seen last; nothing if nothing is.
  const std::optional<ThresholdOutcome>& miss() const noexcept { return miss_; }

 private:
  std::optional<ThresholdOutcome> miss_now(const LoadProgress& progress) const;

  std::vector<Threshold> thresholds_;
  std::uint64_t judged_seconds_ = 0;
  unsigned misses_ = 0;  ///< in a row
  std::optional<ThresholdOutcome> miss_;
};

}  // namespace waitlab::client
