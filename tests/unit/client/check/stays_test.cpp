#include "client/check/stays.hpp"

#include <gtest/gtest.h>

#include <cmath>

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

/// The quantiles of an exponential law in the middles of equal steps: as good a sample as can be.
std::vector<double> exponential_quantiles(int count) {
  std::vector<double> values;
  for (int n = 0; n < count; ++n)
    values.push_back(-0.05 * std::log(1 - (n + 0.5) / count));
  return values;
}

TEST(ExponentialFit, FitsAnExponentialLaw) {
  const ExponentialFit fit = fit_exponential(exponential_quantiles(10'000));
  EXPECT_LT(fit.distance, 0.001);
  EXPECT_NEAR(fit.squared_variation, 1, 0.01);
  EXPECT_NEAR(fit.limit, 0.0336, 1e-4);
  EXPECT_TRUE(fit.fits());
}

TEST(ExponentialFit, ToleratesATimersOvershoot) {
  std::vector<double> values = exponential_quantiles(60'000);
  for (double& value : values)
    value += 0.0005;
  EXPECT_TRUE(fit_exponential(values).fits());
}

TEST(ExponentialFit, RefusesConstantAndUniformLaws) {
  EXPECT_NEAR(fit_exponential(std::vector<double>(100, 0.05)).distance, 1 - std::exp(-1.0), 1e-9);
  std::vector<double> uniform;
  for (int n = 0; n < 1000; ++n)
    uniform.push_back(n + 0.5);
  EXPECT_FALSE(fit_exponential(uniform).fits());
}

}  // namespace
}  // namespace waitlab::client
