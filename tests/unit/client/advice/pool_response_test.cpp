#include "client/advice/pool_response.hpp"

#include "tests/unit/client/advice/known_strategies.hpp"
#include "tests/unit/client/theory/ms.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr ResponseGoal p99_within(double seconds) {
  return {.quantile = 0.99, .limit = Seconds(seconds)};
}

// c = 8, S = 50 ms, 128/s: M/M/c by any textbook.
TEST(PoolResponse, IsErlangsForExponentialHolds) {
  const HoldLaw hold;
  EXPECT_NEAR(ms(PoolResponse(128, hold, 8).figure(p99_within(1))), 257.6, 0.05);
  EXPECT_NEAR(ms(PoolResponse(144, hold, 8).figure(p99_within(1))), 354.4, 0.05);
  EXPECT_NEAR(ms(PoolResponse(128, hold, 8).figure({.quantile = {}, .limit = Seconds(1)})), 64.30, 0.005);
}

TEST(PoolResponse, FindsTheSmallestPoolThatMeetsTheGoal) {
  const HoldLaw hold;
  EXPECT_EQ(smallest_pool(128, hold, p99_within(0.258), 100), 8U);
  EXPECT_EQ(smallest_pool(128, hold, p99_within(0.257), 100), 9U);  // with 9 it is 238 ms
  EXPECT_EQ(smallest_pool(128, hold, p99_within(0.237), 100), 10U);
  EXPECT_EQ(smallest_pool(128, hold, {.quantile = {}, .limit = Seconds(0.0644)}, 100), 8U);
  EXPECT_FALSE(smallest_pool(128, hold, p99_within(0.230), 100));  // the hold alone has 230.3 ms
  EXPECT_FALSE(smallest_pool(128, hold, p99_within(0.258), 7));
}

// Two halves of the same exponential hold: whatever is written as another distribution takes the approximation, which
// must come to the exact figure where the holds are in fact nearly exponential. A replay of quantiles is that.
TEST(PoolResponse, ApproximatesWhatIsExactForTheSameHolds) {
  auto recorded = std::make_shared<std::vector<std::chrono::nanoseconds>>();
  constexpr int holds = 20'000;
  for (int i = 0; i < holds; ++i)
    recorded->emplace_back(static_cast<std::int64_t>(-50e6 * std::log1p(-(i + 0.5) / holds)));
  const HoldLaw replay = HoldLaw::of({.distribution = "replay", .recorded = recorded}).value();
  EXPECT_NEAR(ms(PoolResponse(128, replay, 8).figure(p99_within(1))), 257.6, 1.5);
  EXPECT_NEAR(ms(PoolResponse(144, replay, 8).figure(p99_within(1))), 354.4, 1.5);
}

// M/D/c waits half as long as M/M/c, by Allen and Cunneen's factor.
TEST(PoolResponse, HalvesTheWaitOfFixedHolds) {
  const HoldLaw fixed = hold_of({.distribution = "fixed", .value = 50ms});
  EXPECT_NEAR(ms(PoolResponse(128, fixed, 8).figure({.quantile = {}, .limit = Seconds(1)})), 50 + 14.301 / 2, 0.005);
  EXPECT_NEAR(ms(PoolResponse(128, fixed, 8).figure(p99_within(1))), 50 + 119.5 / 2, 0.3);
}

TEST(PoolResponse, HasNoSizeWhereTheVarianceIsInfinite) {
  EXPECT_FALSE(smallest_pool(10, hold_of({.distribution = "pareto", .min = 10ms, .alpha = 1.5}), p99_within(10), 100));
}

}  // namespace
}  // namespace waitlab::client
