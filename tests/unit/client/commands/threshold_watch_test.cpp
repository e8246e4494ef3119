#include "client/commands/threshold_watch.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

/// A run whose requests all take the same time, seen second by second.
class Seconds {
 public:
  explicit Seconds(std::chrono::nanoseconds time, int count = 1000) {
    for (int i = 0; i < count; ++i)
      so_far_.record(time);
  }

  LoadProgress at(std::uint64_t seconds, std::uint64_t errors = 0) const {
    LoadProgress progress;
    progress.seconds = seconds;
    progress.so_far = &so_far_;
    progress.measured_ended = so_far_.values.count();
    progress.measured_errors = errors;
    return progress;
  }

 private:
  CensoredHistogram so_far_;
};

ThresholdWatch watch_for(const char* text) {
  return ThresholdWatch({parse_threshold(text).value()});
}

TEST(ThresholdWatch, BelievesAMissOnlyTheSecondTime) {
  ThresholdWatch watch = watch_for("p99<200ms");
  const Seconds slow(300ms);
  EXPECT_FALSE(watch.missed(slow.at(1)));
  EXPECT_FALSE(watch.missed(slow.at(1)));
  EXPECT_TRUE(watch.missed(slow.at(2)));
}

TEST(ThresholdWatch, ForgetsAMissThatDidNotLast) {
  ThresholdWatch watch = watch_for("p99<200ms");
  EXPECT_FALSE(watch.missed(Seconds(300ms).at(1)));
  EXPECT_FALSE(watch.missed(Seconds(100ms).at(2)));
  EXPECT_FALSE(watch.missed(Seconds(300ms).at(3)));
}

TEST(ThresholdWatch, WaitsForTheSamplesThatCarryAPercentile) {
  ThresholdWatch watch = watch_for("p99<200ms");
  const Seconds few(300ms, 50);
  for (std::uint64_t second = 1; second < 5; ++second)
    EXPECT_FALSE(watch.missed(few.at(second)));
}

TEST(ThresholdWatch, CountsErrors) {
  ThresholdWatch watch = watch_for("errors<1%");
  const Seconds fine(1ms);
  watch.missed(fine.at(1, 20));
  EXPECT_TRUE(watch.missed(fine.at(2, 20)));
}

TEST(ThresholdWatch, SaysWhatIsMissed) {
  ThresholdWatch watch = watch_for("errors<1%");
  const Seconds fine(1ms);
  watch.missed(fine.at(1, 20));
  watch.missed(fine.at(2, 20));
  ASSERT_TRUE(watch.miss());
  EXPECT_EQ(watch.miss()->text, "errors<1%");
  EXPECT_EQ(watch.miss()->found, "20 of 1000 requests, 2 %");
}

// What is under way still counts, so a rate is known at the end only.
TEST(ThresholdWatch, LeavesARateToTheEnd) {
  ThresholdWatch watch = watch_for("rate>380");
  const Seconds slow(1s, 10);
  EXPECT_FALSE(watch.missed(slow.at(1)));
  EXPECT_FALSE(watch.missed(slow.at(2)));
  EXPECT_FALSE(ThresholdWatch::can_judge(parse_threshold("rate>380").value()));
  EXPECT_TRUE(ThresholdWatch::can_judge(parse_threshold("p99<1s").value()));
}

}  // namespace
}  // namespace waitlab::client
