#include "client/record/arrival_fit.hpp"

#include "common/splitmix64.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace waitlab::client {
namespace {

constexpr double slow = 10e6;  // a mean gap of 10 ms: each gap is judged
constexpr double window = 20;

/// Gap n of a Poisson process of rate 1.
double poisson_gap(std::uint64_t n) {
  return -std::log((static_cast<double>(splitmix64(7, n) >> 11) + 1) * 0x1p-53);
}

/// The sends of a Poisson process, dealt to the threads in turn.
ArrivalTally poisson_sends(unsigned threads, std::uint64_t sends) {
  std::vector<ArrivalTally> tallies(threads, ArrivalTally(true, threads, window, static_cast<double>(sends)));
  double at = 0;
  for (std::uint64_t n = 0; n < sends; ++n) {
    at += poisson_gap(n);
    tallies[n % threads].sent(at);
  }
  for (unsigned thread = 1; thread < threads; ++thread)
    tallies[0].merge(tallies[thread]);
  return tallies[0];
}

ArrivalTally constant_sends(bool poisson, int sends) {
  ArrivalTally tally(poisson, 1, window, sends);
  for (int n = 0; n < sends; ++n)
    tally.sent(n);
  return tally;
}

TEST(ArrivalFit, FindsPoissonSendsToBePoisson) {
  const ArrivalFit fit = poisson_sends(1, 10'000).fit(slow);
  EXPECT_TRUE(fit.fits) << fit.why_not;
  EXPECT_EQ(fit.sends, 10'000u);
  EXPECT_TRUE(fit.why_not.empty());
  ASSERT_TRUE(fit.ks_distance && fit.dispersion);
  EXPECT_LT(*fit.ks_distance, 0.02);
  EXPECT_NEAR(*fit.dispersion, 1, 0.15);
}

TEST(ArrivalFit, FindsAMillionPoissonSendsToBePoisson) {
  const ArrivalFit fit = poisson_sends(1, 1'000'000).fit(slow);
  EXPECT_TRUE(fit.fits) << fit.why_not;
  EXPECT_DOUBLE_EQ(fit.ks_limit, 0.1) << "a distance this small harms nobody, however certain it is";
  EXPECT_DOUBLE_EQ(fit.dispersion_least, 0.8);
  EXPECT_DOUBLE_EQ(fit.dispersion_most, 1.25);
}

TEST(ArrivalFit, FindsPoissonSendsOfFourThreadsToBePoisson) {
  const ArrivalFit fit = poisson_sends(4, 10'000).fit(slow);
  EXPECT_TRUE(fit.fits) << fit.why_not;
  EXPECT_EQ(fit.sends, 10'000u);
  EXPECT_LT(fit.ks_distance.value(), 0.02) << "each thread's gaps are Erlang(4)";
  EXPECT_NEAR(fit.dispersion.value(), 1, 0.15);
}

TEST(ArrivalFit, TellsConstantSendsFromPoissonOnes) {
  const ArrivalFit fit = constant_sends(true, 10'000).fit(slow);
  EXPECT_FALSE(fit.fits);
  EXPECT_NEAR(fit.ks_distance.value(), 1 - std::exp(-1), 0.005) << "all gaps are 1";
  EXPECT_NEAR(fit.dispersion.value(), 0, 1e-9);
  EXPECT_NE(fit.why_not.find("0.63"), std::string::npos) << fit.why_not;
  EXPECT_NE(fit.why_not.find("0.1"), std::string::npos) << fit.why_not;
}

TEST(ArrivalFit, FindsConstantSendsToBeConstant) {
  const ArrivalFit fit = constant_sends(false, 10'000).fit(slow);
  EXPECT_TRUE(fit.fits) << fit.why_not;
  EXPECT_FALSE(fit.ks_distance);
  EXPECT_DOUBLE_EQ(fit.dispersion_most, 0.25);
}

// A client that wakes up every 5 arrivals and then sends all of them at once.
TEST(ArrivalFit, FindsPoissonSendsInBunchesNotToBePoisson) {
  ArrivalTally tally(true, 1, window, 10'000);
  double at = 0;
  for (std::uint64_t n = 0; n < 10'000; ++n) {
    at += poisson_gap(n);
    tally.sent(std::ceil(at / 5) * 5);
  }
  const ArrivalFit fit = tally.fit(slow);
  EXPECT_FALSE(fit.fits);
  EXPECT_GT(fit.ks_distance.value(), 0.5);
}

// Stalls of 50 arrivals, then all of them at once: each window has far too many or none.
TEST(ArrivalFit, FindsStallsEvenWhereGapsAreTooShortToBeJudged) {
  for (const bool poisson : {true, false}) {
    ArrivalTally tally(poisson, 1, window, 10'000);
    for (int n = 0; n < 10'000; ++n)
      tally.sent(std::ceil(n / 50.0) * 50);
    const ArrivalFit fit = tally.fit(100e3);
    EXPECT_FALSE(fit.fits);
    EXPECT_FALSE(fit.ks_distance);
    EXPECT_GT(fit.dispersion.value(), 10);
    EXPECT_NE(fit.why_not.find(poisson ? "1.25" : "0.25"), std::string::npos) << fit.why_not;
  }
}

TEST(ArrivalFit, JudgesGapsByTheGapOfOneThread) {
  EXPECT_FALSE(poisson_sends(4, 1000).fit(499e3).ks_distance);
  EXPECT_TRUE(poisson_sends(4, 1000).fit(500e3).ks_distance);
}

// Sends of a ramp: rate 1 in rescaled time, whatever the rate on the clock.
TEST(ArrivalFit, FindsARampInRescaledTimeToBePoisson) {
  const auto expected_by = [](double seconds) { return 10 * seconds + 5 * seconds * seconds; };  // 10/s + 10/s²
  const auto moment_of = [](double arrivals) { return std::sqrt(1 + arrivals / 5) - 1; };
  ArrivalTally tally(true, 1, window, 5'000);
  double at = 0;
  for (std::uint64_t n = 0; n < 5'000; ++n) {
    at += poisson_gap(n);
    tally.sent(expected_by(moment_of(at)));
  }
  EXPECT_TRUE(tally.fit(slow).fits) << tally.fit(slow).why_not;

  ArrivalTally on_the_clock(true, 1, window, 5'000);
  for (std::uint64_t n = 0; n < 5'000; ++n)
    on_the_clock.sent(moment_of(static_cast<double>(n)) * 100);
  EXPECT_FALSE(on_the_clock.fit(slow).fits);
}

TEST(ArrivalFit, SaysNothingOfAFewSends) {
  const ArrivalFit none = ArrivalTally(true, 1, window, 0).fit(slow);
  EXPECT_TRUE(none.fits);
  EXPECT_FALSE(none.ks_distance || none.dispersion);
  const ArrivalFit few = constant_sends(true, 30 * 20).fit(100e3);  // the thirtieth window may be cut
  EXPECT_FALSE(few.dispersion);
  EXPECT_EQ(constant_sends(true, 30 * 20 + 1).fit(100e3).dispersion, 0) << "without the one send of the last window";
}

TEST(ArrivalFit, AllowsFewSendsTheirChance) {
  const ArrivalFit fit = poisson_sends(1, 101).fit(slow);
  EXPECT_NEAR(fit.ks_limit, 0.195, 0.001) << "1.95 over the root of 100 gaps";
  EXPECT_NEAR(poisson_sends(4, 404).fit(slow).ks_limit, 0.195, 0.001) << "100 gaps of each thread, which overlap";
}

}  // namespace
}  // namespace waitlab::client
