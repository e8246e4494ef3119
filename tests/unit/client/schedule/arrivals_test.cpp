#include "client/schedule/arrivals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace waitlab::client {
namespace {

using std::chrono::nanoseconds;

nanoseconds sum_of_gaps(const Arrivals& arrivals, std::uint64_t last) {
  nanoseconds sum{0};
  for (std::uint64_t n = 0; n <= last; ++n)
    sum += arrivals.gap(n);
  return sum;
}

std::vector<double> gaps_in_seconds(const Arrivals& arrivals, std::uint64_t count) {
  std::vector<double> gaps;
  for (std::uint64_t n = 0; n < count; ++n)
    gaps.push_back(std::chrono::duration<double>(arrivals.gap(n)).count());
  return gaps;
}

TEST(ConstantArrivals, BeginAtTheStart) {
  EXPECT_EQ(Arrivals(ArrivalKind::constant, 100, 1).gap(0), nanoseconds(0));
}

TEST(ConstantArrivals, DoNotDriftWhenTheGapIsNoWholeNanosecond) {
  const Arrivals arrivals(ArrivalKind::constant, 3, 1);
  EXPECT_EQ(arrivals.gap(1), nanoseconds(333'333'333));
  EXPECT_EQ(sum_of_gaps(arrivals, 3'000'000), std::chrono::seconds(1'000'000));
}

TEST(ConstantArrivals, StayExactAfterBillionsOfRequests) {
  const Arrivals arrivals(ArrivalKind::constant, 7, 1);
  nanoseconds sum{0};
  for (std::uint64_t n = 10'000'000'001; n <= 10'000'000'007; ++n)
    sum += arrivals.gap(n);
  EXPECT_EQ(sum, std::chrono::seconds(1));
}

TEST(ConstantArrivals, ComeSlowerThanOneASecondToo) {
  EXPECT_EQ(Arrivals(ArrivalKind::constant, 0.5, 1).gap(1), std::chrono::seconds(2));
}

// Computed independently from the published splitmix64 and -ln(u) / rate.
TEST(PoissonArrivals, HaveTheGoldenGaps) {
  const Arrivals arrivals(ArrivalKind::poisson, 1000, 1);
  EXPECT_EQ(arrivals.gap(0), nanoseconds(568170));
  EXPECT_EQ(arrivals.gap(1), nanoseconds(293322));
  EXPECT_EQ(arrivals.gap(2), nanoseconds(29426));
  EXPECT_EQ(arrivals.gap(3), nanoseconds(811122));
  EXPECT_EQ(Arrivals(ArrivalKind::poisson, 1000, 42).gap(1'000'000), nanoseconds(372836));
}

TEST(PoissonArrivals, HaveTheMeanAndVarianceOfTheExponential) {
  constexpr double rate = 400;
  const auto gaps = gaps_in_seconds(Arrivals(ArrivalKind::poisson, rate, 7), 100'000);
  double sum = 0;
  double squares = 0;
  for (const double gap : gaps) {
    sum += gap;
    squares += gap * gap;
  }
  const double mean = sum / static_cast<double>(gaps.size());
  const double variance = squares / static_cast<double>(gaps.size()) - mean * mean;
  EXPECT_NEAR(mean * rate, 1.0, 0.01);  // three standard errors
  EXPECT_NEAR(variance * rate * rate, 1.0, 0.03);
}

TEST(PoissonArrivals, PassKolmogorovSmirnovAgainstTheExponential) {
  constexpr double rate = 400;
  auto gaps = gaps_in_seconds(Arrivals(ArrivalKind::poisson, rate, 7), 10'000);
  std::sort(gaps.begin(), gaps.end());
  const auto count = static_cast<double>(gaps.size());
  double distance = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const double expected = 1.0 - std::exp(-rate * gaps[i]);
    const auto below = static_cast<double>(i);
    distance = std::max({distance, std::abs(expected - below / count), std::abs(expected - (below + 1) / count)});
  }
  EXPECT_LT(distance * std::sqrt(count), 1.63);  // the 1 % point of Kolmogorov's distribution
}

TEST(PoissonArrivals, AreNotCorrelatedFromOneGapToTheNext) {
  const auto gaps = gaps_in_seconds(Arrivals(ArrivalKind::poisson, 1, 7), 100'000);
  double products = 0;
  for (std::size_t i = 1; i < gaps.size(); ++i)
    products += (gaps[i - 1] - 1) * (gaps[i] - 1);
  EXPECT_NEAR(products / static_cast<double>(gaps.size()), 0.0, 0.01);
}

TEST(PoissonArrivals, DifferBySeed) {
  EXPECT_NE(Arrivals(ArrivalKind::poisson, 1, 1).gap(0), Arrivals(ArrivalKind::poisson, 1, 2).gap(0));
}

}  // namespace
}  // namespace waitlab::client
