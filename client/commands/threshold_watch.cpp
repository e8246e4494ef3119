#include "client/commands/threshold_watch.hpp"

#include "client/record/time_summary.hpp"

#include <algorithm>

namespace waitlab::client {
namespace {

constexpr unsigned misses_believed = 2;

/// The run as if it had ended now, as far as thresholds look at it.
LoadResult result_so_far(const LoadProgress& progress) {
  LoadResult result;
  result.window = std::chrono::seconds(progress.seconds);
  LoadRecord& record = result.record;
  record.response_time.merge(*progress.so_far);
  record.requests.completed = progress.measured_ended;
  record.completed_in_window = progress.so_far->values.count() - progress.so_far->censored;
  record.errors[static_cast<std::size_t>(ErrorKind::timeout)].count = progress.measured_errors;  // only the sum matters
  return result;
}

bool is_carried(const Threshold& threshold, const LoadResult& result) {
  if (threshold.service) return false;
  return threshold.metric != Threshold::Metric::percentile ||
         percentile(result.record.response_time, threshold.quantile).value.has_value();
}

}  // namespace

bool ThresholdWatch::missed(const LoadProgress& progress) {
  if (progress.seconds > judged_seconds_ && progress.so_far != nullptr) {
    judged_seconds_ = progress.seconds;
    misses_ = misses_now(progress) ? misses_ + 1 : 0;
  }
  return misses_ >= misses_believed;
}

bool ThresholdWatch::misses_now(const LoadProgress& progress) const {
  const LoadResult result = result_so_far(progress);
  return std::any_of(thresholds_.begin(), thresholds_.end(), [&result](const Threshold& threshold) {
    return is_carried(threshold, result) && !hold_against(threshold, result).met;
  });
}

}  // namespace waitlab::client
