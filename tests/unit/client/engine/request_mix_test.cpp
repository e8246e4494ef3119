#include "client/engine/request_mix.hpp"

#include "client/schedule/splitmix64.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace waitlab::client {
namespace {

using testing::ElementsAre;

constexpr std::uint64_t requests = 100'000;

TEST(RequestMix, SumsUpWeights) {
  EXPECT_THAT(cumulative_weights(std::array{0.5, 2.0, 1.25}), ElementsAre(0.5, 2.5, 3.75));
}

// Of 100,000 requests, a share p has a standard deviation of sqrt(p (1 - p) / 100,000): 0.0016 at most.
TEST(RequestMix, GivesEachTargetItsShare) {
  const std::vector<double> cumulative = cumulative_weights(std::array{5.0, 1.0, 2.0});
  std::array<double, 3> share{};
  for (std::uint64_t n = 0; n < requests; ++n) {
    share.at(choose_target(cumulative, 7, n)) += 1.0 / requests;
  }
  EXPECT_NEAR(share[0], 0.625, 0.008);
  EXPECT_NEAR(share[1], 0.125, 0.005);
  EXPECT_NEAR(share[2], 0.250, 0.007);
}

TEST(RequestMix, AlwaysTakesTheOnlyTarget) {
  for (std::uint64_t n = 0; n < 1000; ++n) {
    EXPECT_EQ(choose_target(std::array{0.1}, n, n), 0u);
  }
}

TEST(RequestMix, DependsOnTheSeedAndTheNumberAlone) {
  const std::array cumulative{1.0, 2.0};
  std::vector<std::size_t> forwards, backwards, other_seed;
  for (std::uint64_t n = 0; n < 64; ++n) {
    forwards.push_back(choose_target(cumulative, 1, n));
    backwards.insert(backwards.begin(), choose_target(cumulative, 1, 63 - n));
    other_seed.push_back(choose_target(cumulative, 2, n));
  }
  EXPECT_EQ(forwards, backwards);
  EXPECT_NE(forwards, other_seed);
}

// If both drew the same number, all short gaps would belong to one target.
TEST(RequestMix, IsIndependentOfTheArrivals) {
  const std::array cumulative{1.0, 2.0};
  double together = 0;
  for (std::uint64_t n = 0; n < requests; ++n) {
    const bool high = splitmix64(3, n) >> 63 != 0;
    together += (choose_target(cumulative, 3, n) == 1) == high ? 1.0 / requests : 0;
  }
  EXPECT_NEAR(together, 0.5, 0.008);
}

}  // namespace
}  // namespace waitlab::client
