#include "common/delay/delay_profile.hpp"
#include "tests/unit/common/delay/profile_of.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <vector>

namespace waitlab {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr int sample_size = 100'000;

/// Delays in ms of the requests 0, 1, 2, …, sorted.
std::vector<double> sample(const DelayProfile& profile) {
  std::vector<double> delays_ms;
  for (int id = 0; id < sample_size; ++id)
    delays_ms.push_back(static_cast<double>(draw_delay(profile, "/wait", std::to_string(id)).count()) / 1e6);
  std::ranges::sort(delays_ms);
  return delays_ms;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance(const std::vector<double>& values) {
  const double centre = mean(values);
  double sum = 0;
  for (const double value : values)
    sum += (value - centre) * (value - centre);
  return sum / static_cast<double>(values.size());
}

double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size()))];
}

void expect_draw(const std::string& distribution, const std::string& id, nanoseconds golden) {
  const nanoseconds drawn = draw_delay(profile_of(distribution), "/wait", id);
  EXPECT_NEAR(static_cast<double>(drawn.count()), static_cast<double>(golden.count()), 1.0)
      << distribution << ' ' << id;
}

/// The expected values come from an independent calculation (Python, NormalDist.inv_cdf).
TEST(DrawDelay, GivesTheSameDelaysForEver) {
  expect_draw("fixed", "a", 50'000'000ns);
  expect_draw("uniform", "a", 10'129'762ns);
  expect_draw("uniform", "b", 41'135'183ns);
  expect_draw("exponential", "a", 5'340'168ns);
  expect_draw("exponential", "b", 26'496'330ns);
  expect_draw("lognormal", "a", 12'480'087ns);
  expect_draw("lognormal", "b", 29'195'288ns);
}

TEST(DrawDelay, GivesTheSameParetoDelaysForEver) {
  DelayProfile profile = profile_of("pareto");
  profile.delay.min = 10ms;
  EXPECT_NEAR(static_cast<double>(draw_delay(profile, "/wait", "a").count()), 10'737'984, 1.0);
  EXPECT_NEAR(static_cast<double>(draw_delay(profile, "/wait", "b").count()), 14'237'360, 1.0);
}

TEST(DrawDelay, ParetoHasItsMeanAndQuantiles) {
  DelayProfile profile = profile_of("pareto");
  profile.delay.min = 10ms;
  profile.delay.alpha = 3;
  const auto delays = sample(profile);
  EXPECT_GE(delays.front(), 10.0);
  EXPECT_NEAR(mean(delays), 10.0 * 3 / 2, 0.15);
  EXPECT_NEAR(quantile(delays, 0.5), 10 * std::cbrt(2.0), 0.1);
  EXPECT_NEAR(quantile(delays, 0.99), 10 * std::cbrt(100.0), 1.5);
}

TEST(DrawDelay, BimodalTakesEachPartAsOftenAsItsWeightSays) {
  DelayProfile profile = profile_of("bimodal");
  profile.delay.parts = {{.weight = 6, .delay = 10ms}, {.weight = 0, .delay = 20ms}, {.weight = 2, .delay = 300ms}};
  std::map<double, int> times;
  for (const double delay : sample(profile))
    ++times[delay];
  ASSERT_EQ(times.size(), 2U);
  EXPECT_NEAR(times[10.0] / double{sample_size}, 0.75, 0.006);
  EXPECT_NEAR(times[300.0] / double{sample_size}, 0.25, 0.006);
  EXPECT_EQ(draw_delay(profile, "/wait", "a"), 10ms) << "u is 0.1";
}

TEST(DrawDelay, ReplayTakesEachLineEquallyOften) {
  DelayProfile profile = profile_of("replay");
  profile.delay.recorded =
      std::make_shared<const std::vector<nanoseconds>>(std::vector<nanoseconds>{40ms, 10ms, 40ms, 7ms});
  std::map<double, int> times;
  for (const double delay : sample(profile))
    ++times[delay];
  ASSERT_EQ(times.size(), 3U);
  EXPECT_NEAR(times[40.0] / double{sample_size}, 0.5, 0.007);
  EXPECT_NEAR(times[10.0] / double{sample_size}, 0.25, 0.006);
  EXPECT_EQ(draw_delay(profile, "/wait", "a"), 40ms) << "u is 0.1: the first line";
  EXPECT_EQ(draw_delay(profile, "/wait", "b"), 10ms) << "u is 0.41: the second";
}

TEST(DrawDelay, UniformFillsItsRangeEvenly) {
  DelayProfile profile = profile_of("uniform");
  profile.delay.min = 10ms;
  profile.delay.max = 20ms;
  const auto delays = sample(profile);
  EXPECT_GE(delays.front(), 10.0);
  EXPECT_LE(delays.back(), 20.0);
  EXPECT_NEAR(mean(delays), 15.0, 0.05);
  EXPECT_NEAR(variance(delays), 100.0 / 12, 0.1);
  EXPECT_NEAR(quantile(delays, 0.25), 12.5, 0.1);
}

TEST(DrawDelay, ExponentialHasItsMomentsAndQuantiles) {
  const auto delays = sample(profile_of("exponential"));
  EXPECT_NEAR(mean(delays), 50.0, 0.8);
  EXPECT_NEAR(variance(delays), 2500.0, 110.0);
  EXPECT_NEAR(quantile(delays, 0.5), 50 * std::log(2), 0.7);
  EXPECT_NEAR(quantile(delays, 0.99), 50 * std::log(100), 6.5);
}

TEST(DrawDelay, LognormalMeetsItsMedianAndP99) {
  const auto delays = sample(profile_of("lognormal"));
  EXPECT_NEAR(quantile(delays, 0.5), 35.0, 0.6);
  EXPECT_NEAR(quantile(delays, 0.99), 230.0, 10.0);
  EXPECT_NEAR(quantile(delays, 0.01), 35.0 * 35.0 / 230.0, 0.3);
}

TEST(DrawDelay, FixedIsAlwaysItsValue) {
  const auto delays = sample(profile_of("fixed"));
  EXPECT_EQ(delays.front(), 50.0);
  EXPECT_EQ(delays.back(), 50.0);
}

TEST(DrawDelay, NeighbouringIdsAreNotCorrelated) {
  const DelayProfile profile = profile_of("uniform");
  double sum = 0;
  double last = 0;
  for (int id = 0; id < sample_size; ++id) {
    const double centred = static_cast<double>(draw_delay(profile, "/wait", std::to_string(id)).count()) / 1e8 - 0.5;
    sum += centred * last;
    last = centred;
  }
  const double correlation = sum / sample_size * 12;
  EXPECT_NEAR(correlation, 0.0, 4 / std::sqrt(sample_size));
}

TEST(DrawDelay, DoesNotDependOnTheOrderOrOnRepetition) {
  const DelayProfile profile;
  std::map<int, nanoseconds> forwards;
  for (int id = 0; id < 100; ++id)
    forwards[id] = draw_delay(profile, "/wait", std::to_string(id));
  for (int id = 99; id >= 0; --id) {
    EXPECT_EQ(draw_delay(profile, "/wait", std::to_string(id)), forwards[id]);
    EXPECT_EQ(draw_delay(profile, "/wait", std::to_string(id)), forwards[id]);
  }
}

TEST(DrawDelay, DependsOnSeedRouteAndId) {
  DelayProfile other_seed;
  other_seed.seed = 2;
  const std::set<nanoseconds> delays = {draw_delay({}, "/wait", "a"), draw_delay({}, "/wait", "b"),
                                        draw_delay({}, "/mix", "a"),  draw_delay({}, "/waita", ""),
                                        draw_delay({}, "/wai", "ta"), draw_delay(other_seed, "/wait", "a")};
  EXPECT_EQ(delays.size(), 6u);
}

TEST(DrawDelay, CutsAnAbsurdTailInsteadOfOverflowing) {
  DelayProfile profile = profile_of("lognormal");
  profile.delay.median = 1h;
  profile.delay.p99 = 1'000'000h;
  const auto delays = sample(profile);
  EXPECT_EQ(delays.back(), 24.0 * 3600 * 1000);
}

}  // namespace
}  // namespace waitlab
