#include "client/theory/fan_out.hpp"

#include "tests/unit/client/theory/ms.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

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

}  // namespace
}  // namespace waitlab::client
