#include "client/lessons/overload.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// So many good responses in each stretch of 1 s, and as many that were not.
RunSeries timeline_of(const std::vector<std::uint64_t>& good) {
  RunSeries series;
  series.width = 1s;
  for (const std::uint64_t count : good)
    series.stretches.push_back({.ended = 2 * count, .errors = count, .p50 = {}, .p99 = {}, .max = {}});
  return series;
}

TEST(Overload, CountsWhatWasGoodInTheLastHalfOfTheWindow) {
  EXPECT_EQ(good_in_last_half(timeline_of({160, 80, 30, 10}), 4s), 20);
  EXPECT_EQ(good_in_last_half(timeline_of({160, 80, 30, 10, 500}), 4s), 20) << "what comes after it is the drain";
  EXPECT_EQ(good_in_last_half(timeline_of({160}), 4s), std::nullopt);
  EXPECT_EQ(good_in_last_half({}, 4s), std::nullopt);
}

TEST(Overload, KnowsWhenTheSeriesBeganLater) {
  RunSeries late = timeline_of({30, 10});
  late.begin = 1s;
  EXPECT_EQ(good_in_last_half(late, 4s), 10);
}

TEST(Overload, AnswersByWhereClearlyMoreWasAnsweredInTime) {
  EXPECT_EQ(answer_of_overload({.unbounded_per_s = 0, .bounded_per_s = 132}), "bounded");
  EXPECT_EQ(answer_of_overload({.unbounded_per_s = 100, .bounded_per_s = 149}), "same");
  EXPECT_EQ(answer_of_overload({.unbounded_per_s = 100, .bounded_per_s = 151}), "bounded");
  EXPECT_EQ(answer_of_overload({.unbounded_per_s = 151, .bounded_per_s = 100}), "unbounded");
  EXPECT_EQ(answer_of_overload({.unbounded_per_s = 0, .bounded_per_s = 0}), "same");
  EXPECT_EQ(answer_of_overload({.unbounded_per_s = 0, .bounded_per_s = {}}), "");
}

TEST(Overload, SaysWhatItSawWhereThatContradictsTheFolklore) {
  EXPECT_THAT(overload_sentences({.unbounded_per_s = 0, .bounded_per_s = 132}), HasSubstr("132 behind"));
  EXPECT_THAT(overload_sentences({.unbounded_per_s = 150, .bounded_per_s = 155}), HasSubstr("here it was not so"));
}

}  // namespace
}  // namespace waitlab::client
