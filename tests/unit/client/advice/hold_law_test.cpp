#include "client/advice/hold_law.hpp"

#include "tests/unit/client/advice/known_strategies.hpp"
#include "tests/unit/client/theory/ms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using Delay = DelayProfile::Delay;
using testing::HasSubstr;

TEST(HoldLaw, IsByDefaultThatOfTheBackend) {
  const HoldLaw hold;
  EXPECT_DOUBLE_EQ(ms(hold.mean()), 50);
  EXPECT_DOUBLE_EQ(hold.scv(), 1);
  EXPECT_NEAR(ms(hold.quantile(0.99)), 230.3, 0.05);
  EXPECT_EQ(hold.text(), "exponential, mean 50ms");
}

TEST(HoldLaw, HasTheMomentsOfEachDistribution) {
  const HoldLaw fixed = hold_of({.distribution = "fixed", .value = 20ms});
  EXPECT_DOUBLE_EQ(ms(fixed.mean()), 20);
  EXPECT_DOUBLE_EQ(fixed.scv(), 0);
  const HoldLaw uniform = hold_of({.distribution = "uniform", .min = 0ms, .max = 100ms});
  EXPECT_DOUBLE_EQ(ms(uniform.mean()), 50);
  EXPECT_DOUBLE_EQ(uniform.scv(), 1.0 / 3);
  const HoldLaw pareto = hold_of({.distribution = "pareto", .min = 10ms, .alpha = 3});
  EXPECT_DOUBLE_EQ(ms(pareto.mean()), 15);
  EXPECT_DOUBLE_EQ(pareto.scv(), 1.0 / 3);
  const HoldLaw bimodal =
      hold_of({.distribution = "bimodal", .parts = {{.weight = 1, .delay = 300ms}, {.weight = 9, .delay = 10ms}}});
  EXPECT_NEAR(ms(bimodal.mean()), 39, 1e-9);
  EXPECT_NEAR(bimodal.scv(), (0.1 * 90'000 + 0.9 * 100) / (39 * 39) - 1, 1e-9);
}

// The mean of a lognormal hold is that of its own quantiles.
TEST(HoldLaw, HasTheMeanOfALognormalHold) {
  const HoldLaw hold = hold_of({.distribution = "lognormal", .median = 35ms, .p99 = 150ms});
  double sum = 0;
  constexpr int slices = 100'000;
  for (int i = 0; i < slices; ++i)
    sum += ms(hold.quantile((i + 0.5) / slices));
  EXPECT_NEAR(ms(hold.mean()), sum / slices, 0.01);
  EXPECT_NEAR(ms(hold.quantile(0.99)), 150, 1e-6);
}

TEST(HoldLaw, SortsWhatIsGivenAsAList) {
  const HoldLaw hold =
      hold_of({.distribution = "bimodal", .parts = {{.weight = 1, .delay = 300ms}, {.weight = 9, .delay = 10ms}}});
  EXPECT_DOUBLE_EQ(ms(hold.quantile(0.5)), 10);
  EXPECT_DOUBLE_EQ(ms(hold.quantile(0.95)), 300);
  EXPECT_NEAR(hold.share_within(Seconds(0.1)), 0.9, 1e-9);
}

TEST(HoldLaw, HasNoVarianceAndThenNoMeanWhereTheTailIsHeavy) {
  EXPECT_TRUE(std::isinf(hold_of({.distribution = "pareto", .min = 10ms, .alpha = 1.5}).scv()));
  EXPECT_THAT(HoldLaw::of({.distribution = "pareto", .min = 10ms, .alpha = 1}).error().message, HasSubstr("above 1"));
}

TEST(HoldLaw, IsScaledToAMeanAsAWhole) {
  const Delay pareto{.distribution = "pareto", .min = 1ms, .alpha = 1.5};
  EXPECT_EQ(scaled_to_mean(pareto, 60ms).value().min, 20ms);
  EXPECT_EQ(scaled_to_mean({.distribution = "fixed"}, 7ms).value().value, 7ms);
  EXPECT_THAT(scaled_to_mean({.distribution = "fixed"}, 0ms).error().message, HasSubstr("nothing waits"));
  EXPECT_FALSE(scaled_to_mean({.distribution = "replay"}, 7ms));
}

}  // namespace
}  // namespace waitlab::client
