#include "client/theory/queueing.hpp"

#include "tests/unit/client/theory/ms.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

/// Figures of 8 threads with holds of 50 ms, in ms, to the digits given.
struct Golden {
  double rate;
  double wait_probability, mean_wait, mean_response, queue_length;
  double p50, p90, p99, p999, p99_wait;
};

void PrintTo(const Golden& golden, std::ostream* out) {
  *out << golden.rate << "/s";
}

class PoolOfEight : public testing::TestWithParam<Golden> {};

INSTANTIATE_TEST_SUITE_P(Golden, PoolOfEight,
                         testing::Values(Golden{80, 0.05904, 0.738, 50.74, 0.059, 35.5, 116.1, 231.2, 346.4, 22.2},
                                         Golden{112, 0.27060, 5.638, 55.64, 0.631, 40.8, 123.7, 239.1, 354.2, 68.7},
                                         Golden{128, 0.45764, 14.301, 64.30, 1.831, 49.3, 139.2, 257.6, 373.5, 119.5},
                                         Golden{144, 0.70153, 43.846, 93.85, 6.314, 74.5, 197.9, 354.4, 503.9, 265.7},
                                         Golden{152, 0.84417, 105.521, 155.52, 16.039, 120.5, 329.8, 618.3, 906.1,
                                                554.5}));

TEST_P(PoolOfEight, IsAsErlangSays) {
  const Golden& golden = GetParam();
  const PoolQueue pool(golden.rate, 50ms, 8);
  EXPECT_NEAR(pool.wait_probability(), golden.wait_probability, 0.000005);
  EXPECT_NEAR(ms(pool.mean_wait()), golden.mean_wait, 0.0005);
  EXPECT_NEAR(ms(pool.mean_response()), golden.mean_response, 0.006);
  EXPECT_NEAR(golden.rate * pool.mean_wait().count(), golden.queue_length, 0.0005);
  EXPECT_NEAR(ms(pool.response_quantile(0.5)), golden.p50, 0.051);
  EXPECT_NEAR(ms(pool.response_quantile(0.9)), golden.p90, 0.051);
  EXPECT_NEAR(ms(pool.response_quantile(0.99)), golden.p99, 0.051);
  EXPECT_NEAR(ms(pool.response_quantile(0.999)), golden.p999, 0.051);
  EXPECT_GT(pool.wait_tail(Seconds((golden.p99_wait - 0.051) / 1e3)), 0.01);
  EXPECT_LT(pool.wait_tail(Seconds((golden.p99_wait + 0.051) / 1e3)), 0.01);
}

TEST(PoolQueue, TellsThePoolsNextToItApart) {
  EXPECT_NEAR(ms(PoolQueue(128, 50ms, 7).mean_response()), 113, 0.5);
  EXPECT_NEAR(ms(PoolQueue(128, 50ms, 7).response_quantile(0.99)), 436, 0.5);
  EXPECT_NEAR(ms(PoolQueue(128, 50ms, 9).mean_response()), 55.0, 0.05);
  EXPECT_NEAR(ms(PoolQueue(128, 50ms, 9).response_quantile(0.99)), 238, 0.5);
  EXPECT_NEAR(ms(PoolQueue(16, 50ms, 1).mean_response()), 250, 0.5);  // one of eight queues picked at random
  EXPECT_NEAR(ms(PoolQueue(16, 50ms, 1).response_quantile(0.99)), 1151, 0.5);
}

TEST(PoolQueue, HasATailThatIsWholeWhereItsRatesAreEqual) {
  // theta = mu: 8 threads of which 7 are busy on average.
  const PoolQueue equal(140, 50ms, 8);
  const PoolQueue nearly(140.0001, 50ms, 8);
  for (const Seconds t : {Seconds(0.01), Seconds(0.1), Seconds(0.5)})
    EXPECT_NEAR(equal.response_tail(t), nearly.response_tail(t), 1e-5);
  EXPECT_NEAR(equal.response_tail(Seconds(0)), 1, 1e-12);
}

TEST(PoolQueue, GrowsWithoutEndBeyondItsCapacity) {
  const PoolQueue overloaded(200, 50ms, 8);
  EXPECT_FALSE(overloaded.stable());
  EXPECT_NEAR(overloaded.wait_growth(), 0.25, 1e-12);  // a time-out of 1 s is passed after 4 s
  EXPECT_EQ(overloaded.wait_probability(), 1);
  EXPECT_EQ(PoolQueue(128, 50ms, 8).wait_growth(), 0);
}

TEST(AllenCunneen, IsErlangForExponentialTimesAndHalfForConstantHolds) {
  const PoolQueue pool(128, 50ms, 8);
  EXPECT_DOUBLE_EQ(allen_cunneen_wait(pool, 1, 1).count(), pool.mean_wait().count());
  EXPECT_DOUBLE_EQ(allen_cunneen_wait(pool, 1, 0).count(), pool.mean_wait().count() / 2);
}

TEST(Erlang, LosesWhatFindsNoServerWhereNobodyMayWait) {
  EXPECT_NEAR(erlang_b(10, 8), 0.338, 0.0005);
  EXPECT_NEAR(erlang_b(1, 1), 0.5, 1e-12);
  EXPECT_EQ(erlang_b(0, 8), 0);
  EXPECT_TRUE(std::isfinite(erlang_b(10'000, 9'000)));
}

TEST(FanOut, WaitsForTheSlowestOfTen) {
  EXPECT_NEAR(ms(fan_out_mean(50ms, 10)), 146.4, 0.05);
  EXPECT_NEAR(ms(fan_out_quantile(50ms, 10, 0.99)), 345.2, 0.05);
}

TEST(FanOut, IsTheHoldItselfForOneCall) {
  EXPECT_NEAR(ms(fan_out_mean(50ms, 1)), 50, 1e-9);
  EXPECT_NEAR(ms(fan_out_quantile(50ms, 1, 0.5)), 34.7, 0.05);
  EXPECT_NEAR(ms(fan_out_quantile(50ms, 1, 0.9)), 115.1, 0.05);
  EXPECT_NEAR(ms(fan_out_quantile(50ms, 1, 0.99)), 230.3, 0.05);
  EXPECT_NEAR(ms(fan_out_quantile(50ms, 1, 0.999)), 345.4, 0.05);
}

TEST(Goetz, HasAThreadForEachCoreWhereNothingWaits) {
  EXPECT_EQ(goetz_threads(4, 1, 0s, 1ms), 4);
}

TEST(Goetz, HasAsManyMoreAsWaitingTakesLongerThanComputing) {
  EXPECT_EQ(goetz_threads(2, 1, 49ms, 1ms), 100);
  EXPECT_EQ(goetz_threads(2, 0.5, 49ms, 1ms), 50);
}

// 200/s at 8 threads and holds of 50 ms: a quarter more than they can do.

TEST(BoundedPool, TurnsAwayAFifthWithRoomForSixteen) {
  const BoundedPool pool(200, 50ms, 8, 16);
  EXPECT_NEAR(pool.lost_share(), 0.202, 0.0005);
  EXPECT_NEAR(pool.served_rate(), 159.5, 0.05);
  EXPECT_NEAR(ms(pool.mean_response()), 126.8, 0.05);
  EXPECT_NEAR(ms(pool.response_quantile(0.99)), 317.5, 0.05);
}

TEST(BoundedPool, GainsNothingButLatencyByMoreRoom) {
  const BoundedPool pool(200, 50ms, 8, 64);
  EXPECT_NEAR(pool.lost_share(), 0.200, 0.0005);
  EXPECT_NEAR(pool.served_rate(), 160, 0.05);
  EXPECT_NEAR(ms(pool.mean_response()), 425, 0.5);
  EXPECT_NEAR(ms(pool.response_quantile(0.99)), 637, 0.5);
}

TEST(BoundedPool, IsErlangsLossSystemWithoutRoom) {
  const BoundedPool pool(200, 50ms, 8, 0);
  EXPECT_NEAR(pool.lost_share(), erlang_b(10, 8), 1e-12);
  EXPECT_NEAR(pool.lost_share(), 0.338, 0.0005);
  EXPECT_NEAR(pool.served_rate(), 132, 0.5);
  EXPECT_NEAR(ms(pool.response_quantile(0.99)), 230, 0.5);
}

TEST(BoundedPool, IsTheUnboundedQueueWithRoomForAll) {
  const BoundedPool pool(128, 50ms, 8, 400);
  const PoolQueue unbounded(128, 50ms, 8);
  EXPECT_NEAR(ms(pool.mean_response()), ms(unbounded.mean_response()), 1e-6);
  EXPECT_NEAR(ms(pool.response_quantile(0.99)), ms(unbounded.response_quantile(0.99)), 1e-4);
}

TEST(BoundedPool, KnowsOneThread) {
  // M/M/1/2 at utilisation 1/2: probabilities 4/7, 2/7, 1/7.
  const BoundedPool pool(10, 50ms, 1, 1);
  EXPECT_NEAR(pool.lost_share(), 1.0 / 7, 1e-12);
  EXPECT_NEAR(pool.response_tail(Seconds(0)), 1, 1e-12);
  EXPECT_NEAR(ms(pool.mean_response()), 50 * 4.0 / 3, 1e-9);
}

}  // namespace
}  // namespace waitlab::client
