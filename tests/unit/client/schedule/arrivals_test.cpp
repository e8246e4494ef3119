#include "client/schedule/arrivals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// The moment of each of the first arrivals.
std::vector<nanoseconds> first_offsets(const Arrivals& arrivals, std::uint64_t count) {
  std::vector<nanoseconds> offsets;
  long double gaps = 0;
  for (std::uint64_t n = 0; n < count; ++n)
    offsets.push_back(arrivals.rate().time_at(gaps += arrivals.gap(n)));
  return offsets;
}

std::vector<double> unit_gaps(const Arrivals& arrivals, std::uint64_t count) {
  std::vector<double> gaps;
  for (std::uint64_t n = 0; n < count; ++n)
    gaps.push_back(static_cast<double>(arrivals.gap(n)));
  return gaps;
}

TEST(ConstantArrivals, BeginAtTheStart) {
  EXPECT_EQ(first_offsets({ArrivalKind::constant, 100, 1}, 1), std::vector{nanoseconds(0)});
}

TEST(ConstantArrivals, DoNotDriftWhenTheGapIsNoWholeNanosecond) {
  const auto offsets = first_offsets({ArrivalKind::constant, 3, 1}, 3'000'001);
  EXPECT_EQ(offsets[1], nanoseconds(333'333'333));
  EXPECT_EQ(offsets.back(), std::chrono::seconds(1'000'000));
}

TEST(ConstantArrivals, ComeSlowerThanOneASecondToo) {
  EXPECT_EQ(first_offsets({ArrivalKind::constant, 0.5, 1}, 2)[1], std::chrono::seconds(2));
}

// Computed independently from the published splitmix64 and -ln(u) / rate.
TEST(PoissonArrivals, HaveTheGoldenGaps) {
  const Arrivals arrivals(ArrivalKind::poisson, 1000, 1);
  const auto in_nanoseconds = [](long double gap) { return std::llround(gap / 1000 * 1e9L); };
  EXPECT_EQ(in_nanoseconds(arrivals.gap(0)), 568170);
  EXPECT_EQ(in_nanoseconds(arrivals.gap(1)), 293322);
  EXPECT_EQ(in_nanoseconds(arrivals.gap(2)), 29426);
  EXPECT_EQ(in_nanoseconds(arrivals.gap(3)), 811122);
  EXPECT_EQ(in_nanoseconds(Arrivals(ArrivalKind::poisson, 1000, 42).gap(1'000'000)), 372836);
  EXPECT_EQ(first_offsets(arrivals, 2)[1], nanoseconds(861491));  // the sum, rounded down
}

TEST(PoissonArrivals, HaveTheMeanAndVarianceOfTheExponential) {
  const auto gaps = unit_gaps(Arrivals(ArrivalKind::poisson, 400, 7), 100'000);
  double sum = 0;
  double squares = 0;
  for (const double gap : gaps) {
    sum += gap;
    squares += gap * gap;
  }
  const double mean = sum / static_cast<double>(gaps.size());
  const double variance = squares / static_cast<double>(gaps.size()) - mean * mean;
  EXPECT_NEAR(mean, 1.0, 0.01);  // three standard errors
  EXPECT_NEAR(variance, 1.0, 0.03);
}

TEST(PoissonArrivals, PassKolmogorovSmirnovAgainstTheExponential) {
  auto gaps = unit_gaps(Arrivals(ArrivalKind::poisson, 400, 7), 10'000);
  std::sort(gaps.begin(), gaps.end());
  const auto count = static_cast<double>(gaps.size());
  double distance = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const double expected = 1.0 - std::exp(-gaps[i]);
    const auto below = static_cast<double>(i);
    distance = std::max({distance, std::abs(expected - below / count), std::abs(expected - (below + 1) / count)});
  }
  EXPECT_LT(distance * std::sqrt(count), 1.63);  // the 1 % point of Kolmogorov's distribution
}

TEST(PoissonArrivals, AreNotCorrelatedFromOneGapToTheNext) {
  const auto gaps = unit_gaps(Arrivals(ArrivalKind::poisson, 1, 7), 100'000);
  double products = 0;
  for (std::size_t i = 1; i < gaps.size(); ++i)
    products += (gaps[i - 1] - 1) * (gaps[i] - 1);
  EXPECT_NEAR(products / static_cast<double>(gaps.size()), 0.0, 0.01);
}

TEST(PoissonArrivals, DifferBySeed) {
  EXPECT_NE(Arrivals(ArrivalKind::poisson, 1, 1).gap(0), Arrivals(ArrivalKind::poisson, 1, 2).gap(0));
}

std::vector<Arrival> all_of(const Arrivals& arrivals, const ArrivalLimits& limits, unsigned threads = 1) {
  std::vector<Arrival> all;
  for (unsigned index = 0; index < threads; ++index) {
    for (ArrivalPlan plan(arrivals, limits, index, threads); plan.next(); plan.advance())
      all.push_back(*plan.next());
  }
  std::sort(all.begin(), all.end(), [](const Arrival& a, const Arrival& b) { return a.n < b.n; });
  return all;
}

std::size_t measured_in(const std::vector<Arrival>& arrivals) {
  return static_cast<std::size_t>(
      std::count_if(arrivals.begin(), arrivals.end(), [](const Arrival& arrival) { return arrival.measured; }));
}

TEST(ArrivalPlan, GivesTheSameProcessForAnyNumberOfThreads) {
  const Arrivals arrivals(ArrivalKind::poisson, 1000, 3);
  const ArrivalLimits limits{.warmup = 500ms, .duration = 2s, .requests = {}};
  const auto alone = all_of(arrivals, limits);
  for (const unsigned threads : {2u, 3u, 8u}) {
    const auto together = all_of(arrivals, limits, threads);
    ASSERT_EQ(together.size(), alone.size());
    for (std::size_t i = 0; i < alone.size(); ++i) {
      EXPECT_EQ(together[i].n, alone[i].n);
      EXPECT_EQ(together[i].offset, alone[i].offset);
      EXPECT_EQ(together[i].measured, alone[i].measured);
    }
  }
}

TEST(ArrivalPlan, EndsWithTheDuration) {
  const auto all = all_of({ArrivalKind::constant, 100, 1}, {.warmup = 0s, .duration = 2s, .requests = {}});
  EXPECT_EQ(all.size(), 200u);
  EXPECT_EQ(all.back().offset, 1990ms);
}

TEST(ArrivalPlan, CountsOnlyMeasuredRequests) {
  const auto all = all_of({ArrivalKind::poisson, 100, 1}, {.warmup = 1s, .duration = {}, .requests = 50}, 4);
  EXPECT_EQ(measured_in(all), 50u);
  EXPECT_GT(all.size(), 50u);
}

TEST(ArrivalPlan, EndsAtWhicheverLimitComesFirst) {
  const Arrivals arrivals(ArrivalKind::constant, 100, 1);
  EXPECT_EQ(all_of(arrivals, {.warmup = 0s, .duration = 1s, .requests = 30}).size(), 30u);
  EXPECT_EQ(all_of(arrivals, {.warmup = 0s, .duration = 1s, .requests = 300}).size(), 100u);
}

TEST(ArrivalPlan, MeasuresFromTheEndOfTheWarmup) {
  const auto all = all_of({ArrivalKind::constant, 10, 1}, {.warmup = 1s, .duration = 1s, .requests = {}});
  ASSERT_EQ(all.size(), 20u);
  EXPECT_FALSE(all[9].measured);
  EXPECT_TRUE(all[10].measured);
  EXPECT_EQ(all[10].offset, 1s);
}

TEST(ArrivalPlan, SaysWhichStepAnArrivalBelongsTo) {
  const Arrivals arrivals(ArrivalKind::constant, RateCurve({{10, 10, 1s}, {20, 20, 1s}}, 1s), 1);
  const auto all = all_of(arrivals, {.warmup = 1s, .duration = 2s, .requests = {}}, 3);
  ASSERT_EQ(all.size(), 10u + 10u + 20u);
  EXPECT_EQ(all[19].step, 0u);
  EXPECT_EQ(all[20].step, 1u);
  EXPECT_EQ(all[20].offset, 2s);
  EXPECT_EQ(all.back().offset, 2950ms);
}

}  // namespace
}  // namespace waitlab::client
