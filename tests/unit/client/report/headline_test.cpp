#include "client/report/verdict.hpp"
#include "tests/unit/client/report/figures_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using testing::HasSubstr;

// A loop that computes: it costs the least CPU, for it is the slowest.
class ALoopThatComputes : public testing::Test {
 protected:
  ALoopThatComputes() : result_(result_of({"threads", "pool", "loop"}, {100, 400})) {
    const Medians costly{{Metric::cpu, 250}};
    comparison_ = {{{.value = 100},
                    {cell_of(0, with(keeps_up(100, 11), costly)), cell_of(1, with(keeps_up(100, 11.5), costly)),
                     cell_of(2, keeps_up(100, 60))}},
                   {{.value = 400},
                    {cell_of(0, with(keeps_up(400, 11), costly)), cell_of(1, with(keeps_up(400, 33), costly)),
                     cell_of(2, keeps_up(400, 154))}}};
  }

  Verdict verdict() const { return judge_experiment(result_, comparison_); }

  ExperimentResult result_;
  Comparison comparison_;
};

TEST_F(ALoopThatComputes, IsToldByItsLargestDifferenceToo) {
  EXPECT_EQ(
      verdict().headline,
      "At 100/s loop was slower: its p99 was 5.5 (5.0–5.9) times threads's; at 400/s pool was slower: its p99 "
      "was 3.0 (2.8–3.3) times threads's; at 400/s loop's p99 was 14 (13–15) times threads's; all kept up throughout.");
}

TEST_F(ALoopThatComputes, IsToldWhereSeveralAreSlowerAtOnce) {
  comparison_.erase(comparison_.begin());
  EXPECT_EQ(verdict().headline,
            "At 400/s pool and loop were slower: loop's p99 was 14 (13–15) times threads's; all kept up.");
}

TEST_F(ALoopThatComputes, IsNotPraisedForWhatItCosts) {
  EXPECT_THAT(verdict().findings[1], testing::EndsWith(", but loop was slower."));
}

TEST(Verdict, NamesTheSlowestOfMany) {
  const Comparison comparison{
      {{.value = 100},
       {cell_of(0, keeps_up(100)), cell_of(1, keeps_up(100, 466)), cell_of(2, keeps_up(100, 699)),
        cell_of(3, keeps_up(100, 2330)), cell_of(4, keeps_up(100, 466))}}};
  EXPECT_THAT(judge_experiment(result_of({"a", "b", "c", "d", "e"}, {100}), comparison).findings[0],
              HasSubstr("b, c, d and e kept up, but were slower than a; d's p99 was 2.33 s, 10 times a's 233 ms"));
}

}  // namespace
}  // namespace waitlab::client
