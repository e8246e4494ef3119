#include "client/engine/run_course.hpp"

#include <algorithm>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// A slice is posted with the first event after its end, and collected a moment later.
constexpr nanoseconds late_slices = 3 * slice_width;

void set_samples(LoadRecord& record, const SliceSeries& series) {
  record.response_time.effective_samples = series.effective_response_samples(record.response_time);
  record.service_time.effective_samples = series.effective_service_samples(record.service_time);
}

}  // namespace

RunCourse::RunCourse(const Timeline& timeline) {
  for (const Clock::time_point begin : timeline.step_begins)
    steps_.emplace_back(static_cast<std::uint64_t>((begin - timeline.measure_from) / slice_width));
}

void RunCourse::add(const Slice& slice) {
  whole_.add(slice);
  if (steps_.size() > 1) steps_[slice.step].add(slice);
  so_far_.merge(slice.response_time);
  ended_ += slice.ended;
  errors_ += slice.errors;
  const std::uint64_t second = slice.index / slices_per_second;
  if (second >= shown_) seconds_[second].merge(slice.response_time);
}

void RunCourse::show(LoadProgress& progress, nanoseconds measured) {
  const auto over = static_cast<std::uint64_t>(std::max(measured - late_slices, nanoseconds(0)) / 1s);
  if (over > shown_) {
    last_second_.clear();
    last_second_.merge(seconds_[over - 1]);
    seconds_.erase(seconds_.begin(), seconds_.lower_bound(over));
    shown_ = over;
  }
  progress.seconds = shown_;
  progress.measured_ended = ended_;
  progress.measured_errors = errors_;
  if (so_far_.values.count() > 0) progress.so_far = &so_far_;
  if (shown_ > 0) progress.last_second = &last_second_;
}

void RunCourse::judge_samples(LoadRecord& whole) const {
  set_samples(whole, whole_);
  whole.share_effective_samples();
}

void RunCourse::judge_samples(LoadRecord& record, std::size_t step) const {
  set_samples(record, steps_.size() > 1 ? steps_[step] : whole_);
}

}  // namespace waitlab::client
