#include "client/theory/bounded_pool.hpp"

#include "client/theory/erlang.hpp"
#include "client/theory/pool_queue.hpp"
#include "tests/unit/client/theory/ms.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

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
