#include "client/theory/goetz.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

TEST(Goetz, HasAThreadForEachCoreWhereNothingWaits) {
  EXPECT_EQ(goetz_threads(4, 1, 0s, 1ms), 4);
}

TEST(Goetz, HasAsManyMoreAsWaitingTakesLongerThanComputing) {
  EXPECT_EQ(goetz_threads(2, 1, 49ms, 1ms), 100);
  EXPECT_EQ(goetz_threads(2, 0.5, 49ms, 1ms), 50);
}

}  // namespace
}  // namespace waitlab::client
