#include "client/check/in_flight.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

Stay stay(std::chrono::nanoseconds enqueued, std::chrono::nanoseconds ended) {
  return {.enqueued = enqueued, .started = enqueued, .ended = ended};
}

TEST(InFlight, IntegratesTheNumberThereOverTime) {
  // 1 for 2 s, 2 for 1 s, 1 for 3 s, none for 2 s, 1 for 2 s.
  const InFlight found = in_flight({stay(8s, 10s), stay(0s, 3s), stay(2s, 6s)});
  EXPECT_DOUBLE_EQ(found.request_seconds, 9);
  EXPECT_DOUBLE_EQ(found.span.count(), 10);
  EXPECT_DOUBLE_EQ(found.mean, 0.9);
  EXPECT_NEAR(found.dispersion, (1.1 - 0.81) / 0.9, 1e-12);  // mean square 11 / 10
}

TEST(InFlight, CountsFromTheFirstComing) {
  EXPECT_DOUBLE_EQ(in_flight({stay(5s, 7s)}).mean, 1);
}

TEST(InFlight, IsNothingForStaysOfNoTime) {
  EXPECT_EQ(in_flight({stay(5s, 5s)}).mean, 0);
}

}  // namespace
}  // namespace waitlab::client
