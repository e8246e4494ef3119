#include "client/engine/collector.hpp"

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

LoadProgress shown_at(Collector& collector, std::chrono::nanoseconds measured) {
  LoadProgress progress;
  collector.show(progress, measured);
  return progress;
}

TEST(Collector, ShowsNothingBeforeTheFirstRequestEnded) {
  Collector collector(1);
  const LoadProgress progress = shown_at(collector, 5s);
  EXPECT_EQ(progress.so_far, nullptr);
  EXPECT_EQ(progress.measured_ended, 0u);
}

TEST(Collector, ShowsASecondOnceItsLateSlicesHaveHadTime) {
  Collector collector(1);
  collector.add(slice_with(3, 10ms));
  collector.add(slice_with(12, 20ms));
  EXPECT_EQ(shown_at(collector, 1200ms).seconds, 0u);
  const LoadProgress progress = shown_at(collector, 1300ms);
  EXPECT_EQ(progress.seconds, 1u);
  ASSERT_NE(progress.last_second, nullptr);
  EXPECT_EQ(progress.last_second->values.count(), 1u);
  EXPECT_EQ(progress.so_far->values.count(), 2u);
  EXPECT_EQ(progress.measured_ended, 2u);
}

TEST(Collector, PutsTheSlicesOfAllThreadsTogether) {
  Collector collector(1);
  collector.add(slice_with(0, 10ms));
  collector.add(slice_with(9, 10ms));
  collector.add(slice_with(1, 10ms));
  EXPECT_EQ(shown_at(collector, 1300ms).last_second->values.count(), 3u);
}

TEST(Collector, ShowsAnEmptySecondAsEmpty) {
  Collector collector(1);
  collector.add(slice_with(0, 10ms));
  shown_at(collector, 1300ms);
  const LoadProgress progress = shown_at(collector, 2300ms);
  EXPECT_EQ(progress.seconds, 2u);
  EXPECT_EQ(progress.last_second->values.count(), 0u);
}

}  // namespace
}  // namespace waitlab::client
