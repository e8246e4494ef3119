#include "client/lessons/pool_sizing.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace waitlab::client {
namespace {

/// Pools of 8, 10, 12, 16 and 64 threads with these p99s, in milliseconds.
std::vector<SizedPool> pools_with(const std::vector<double>& p99_ms) {
  const std::vector<unsigned> sizes{8, 10, 12, 16, 64};
  std::vector<SizedPool> pools;
  for (std::size_t index = 0; index < sizes.size(); ++index)
    pools.push_back({.threads = sizes[index], .p99 = Seconds(p99_ms[index] / 1000)});
  return pools;
}

std::string answer_of_p99s(const std::vector<double>& p99_ms) {
  return answer_of_knee(pools_with(p99_ms), 10);
}

TEST(PoolSizing, FindsTheSmallestPoolThatIsAboutAsGoodAsTheBest) {
  EXPECT_EQ(knee_of(pools_with({2000, 1000, 250, 240, 230})), 12U);
  EXPECT_EQ(knee_of(pools_with({2000, 1000, 325, 320, 230})), 16U);
  EXPECT_EQ(knee_of(pools_with({2000, 1000, 325, 325, 230})), 64U);
}

TEST(PoolSizing, IsNotMisledByALargePoolThatHadBadLuck) {
  EXPECT_EQ(answer_of_p99s({2000, 1000, 250, 240, 900}), "about");
}

TEST(PoolSizing, AnswersByWhereTheKneeIs) {
  EXPECT_EQ(answer_of_p99s({2000, 1000, 250, 240, 230}), "about");
  EXPECT_EQ(answer_of_p99s({2000, 270, 250, 240, 230}), "about");
  EXPECT_EQ(answer_of_p99s({240, 240, 250, 240, 230}), "fewer");
  EXPECT_EQ(answer_of_p99s({2000, 1000, 900, 800, 230}), "many");
}

TEST(PoolSizing, HasNoAnswerWhereAPoolWasNotMeasured) {
  auto pools = pools_with({2000, 1000, 250, 240, 230});
  pools[1].p99.reset();
  EXPECT_EQ(answer_of_knee(pools, 10), "");
  EXPECT_EQ(answer_of_knee({}, 10), "");
}

TEST(PoolSizing, HasNoFigureToExpectWhereTheQueueGrowsWithoutEnd) {
  EXPECT_EQ(figure_of_pool({.threads = 8, .p99 = Seconds(2)}).likely, std::nullopt);
  EXPECT_EQ(figure_of_pool({.threads = 12, .p99 = Seconds(0.26), .expected = Seconds(0.25)}).likely->value, 0.25);
}

}  // namespace
}  // namespace waitlab::client
