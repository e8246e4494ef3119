#include "client/engine/run_course.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

Slice slice_with(std::uint64_t index, std::chrono::nanoseconds time) {
  Slice slice;
  slice.index = index;
  slice.ended = 1;
  slice.response_time.record(time);
  return slice;
}

LoadProgress shown_at(RunCourse& course, std::chrono::nanoseconds measured) {
  LoadProgress progress;
  course.show(progress, measured);
  return progress;
}

TEST(RunCourse, ShowsNothingBeforeTheFirstRequestEnded) {
  RunCourse course(Timeline{});
  const LoadProgress progress = shown_at(course, 5s);
  EXPECT_EQ(progress.so_far, nullptr);
  EXPECT_EQ(progress.measured_ended, 0u);
}

TEST(RunCourse, ShowsASecondOnceItsLateSlicesHaveHadTime) {
  RunCourse course(Timeline{});
  course.add(slice_with(3, 10ms));
  course.add(slice_with(12, 20ms));
  EXPECT_EQ(shown_at(course, 1200ms).seconds, 0u);
  const LoadProgress progress = shown_at(course, 1300ms);
  EXPECT_EQ(progress.seconds, 1u);
  ASSERT_NE(progress.last_second, nullptr);
  EXPECT_EQ(progress.last_second->values.count(), 1u);
  EXPECT_EQ(progress.so_far->values.count(), 2u);
  EXPECT_EQ(progress.measured_ended, 2u);
}

TEST(RunCourse, PutsTheSlicesOfAllThreadsTogether) {
  RunCourse course(Timeline{});
  course.add(slice_with(0, 10ms));
  course.add(slice_with(9, 10ms));
  course.add(slice_with(1, 10ms));
  EXPECT_EQ(shown_at(course, 1300ms).last_second->values.count(), 3u);
}

TEST(RunCourse, ShowsAnEmptySecondAsEmpty) {
  RunCourse course(Timeline{});
  course.add(slice_with(0, 10ms));
  shown_at(course, 1300ms);
  const LoadProgress progress = shown_at(course, 2300ms);
  EXPECT_EQ(progress.seconds, 2u);
  EXPECT_EQ(progress.last_second->values.count(), 0u);
}

// 20 slices with one of two times each, as they alternate: what the 2nd of 2 steps saw, or the only one.
EffectiveSamples samples_of(const Timeline& timeline, std::size_t step, std::uint64_t first_slice) {
  RunCourse course(timeline);
  LoadRecord record;
  for (std::uint64_t i = 0; i < 20; ++i) {
    Slice slice = slice_with(first_slice + i, i / 2 % 2 == 0 ? 150ms : 350ms);
    slice.step = step;
    course.add(slice);
    record.response_time.merge(slice.response_time);
  }
  course.judge_samples(record, step);
  return record.response_time.effective_samples;
}

TEST(RunCourse, JudgesALateStepLikeAnOnlyOne) {
  Timeline one;
  Timeline two;
  two.step_begins = {two.measure_from, two.measure_from + 30s};
  const EffectiveSamples alone = samples_of(one, 0, 0);
  EXPECT_GT(alone.front(), 0);
  EXPECT_EQ(samples_of(two, 1, 300), alone);
}

}  // namespace
}  // namespace waitlab::client
