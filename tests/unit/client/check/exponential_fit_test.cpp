#include "client/check/exponential_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace waitlab::client {
namespace {

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
