#include "client/commands/threshold_watch.hpp"

#include "client/stats/time_summary.hpp"

namespace waitlab::client {
namespace {

constexpr unsigned misses_believed = 2;

/// The run as if it had ended now, as far as thresholds look at it.
LoadResult result_so_far(const LoadProgress& progress) {
  LoadResult result;
  LoadRecord& record = result.record;
  record.response_time.merge(*progress.so_far);
  record.requests.completed = progress.measured_ended;
  record.errors[static_cast<std::size_t>(ErrorKind::timeout)].count = progress.measured_errors;  // only the sum matters
  return result;
}

bool is_carried(const Threshold& threshold, const LoadResult& result) {
  if (!ThresholdWatch::can_judge(threshold)) return false;
  return threshold.metric != Threshold::Metric::percentile ||
         percentile(result.record.response_time, threshold.quantile).value.has_value();
}

}  // namespace

bool ThresholdWatch::can_judge(const Threshold& threshold) {
  return !threshold.service && threshold.metric != Threshold::Metric::rate;
}

bool ThresholdWatch::missed(const LoadProgress& progress) {
  if (progress.seconds > judged_seconds_ && progress.so_far != nullptr) {
    judged_seconds_ = progress.seconds;
    miss_ = miss_now(progress);
    misses_ = miss_ ? misses_ + 1 : 0;
  }
  return misses_ >= misses_believed;
}

std::optional<ThresholdOutcome> ThresholdWatch::miss_now(const LoadProgress& progress) const {
  const LoadResult result = result_so_far(progress);
  for (const Threshold& threshold : thresholds_) {
    if (!is_carried(threshold, result)) continue;
    if (const ThresholdOutcome outcome = hold_against(threshold, result); !outcome.met) return outcome;
  }
  return std::nullopt;
}

}  // namespace waitlab::client
