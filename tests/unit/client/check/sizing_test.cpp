#include "client/check/sizing.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

double ms(Seconds time) {
  return time.count() * 1e3;
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

TEST(Sizing, CountsWhatIsThereAtOnce) {
  EXPECT_NEAR(mean_in_flight(128, 50ms), 6.4, 1e-12);
}

TEST(Sizing, TakesAsManyThreadsAsKeepTheCoresBusy) {
  EXPECT_NEAR(goetz_threads(2, 0.8, 50ms, 2ms), 41.6, 1e-9);
}

TEST(Sizing, ShowsNoOverloadInAClosedLoop) {
  EXPECT_NEAR(ms(closed_loop_response(16, 8, 50ms)), 100, 1e-9);
  EXPECT_NEAR(ms(closed_loop_response(4, 8, 50ms)), 50, 1e-9);
}

}  // namespace
}  // namespace waitlab::client
