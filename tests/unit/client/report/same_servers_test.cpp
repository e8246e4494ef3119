// Experiments with servers that are the same: what a verdict finds between them is chance.

#include "client/report/verdict.hpp"

#include "client/report/standing.hpp"
#include "tests/unit/client/report/figures_of.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr unsigned experiments = 100;
constexpr unsigned most_false = 5;

/// How a server with randomness of its own answers.
struct Answers {
  std::string name;
  double (*draw_ms)(std::mt19937_64& random);
};

double exponential(std::mt19937_64& random) {
  return std::exponential_distribution<>(1 / 50.0)(random);
}

double lognormal(std::mt19937_64& random) {
  return std::lognormal_distribution<>(std::log(50.0), 1)(random);
}

/// 2 % of the requests take up to 40 times as long as the others.
double with_a_tail(std::mt19937_64& random) {
  const double quick = std::uniform_real_distribution<>(5, 15)(random);
  return std::bernoulli_distribution(0.02)(random) ? quick + exponential(random) * 8 : quick;
}

LoadResult run_of(const Answers& answers, unsigned requests, std::mt19937_64& random) {
  LoadResult load;
  load.offered_rate = requests / 3.0;
  load.window = 3s;
  for (unsigned request = 0; request < requests; ++request) {
    const auto time = std::chrono::nanoseconds(std::llround(answers.draw_ms(random) * 1e6));
    load.record.response_time.record(time);
  }
  load.record.response_time.effective_samples.fill(requests);
  load.record.requests.sent = load.record.requests.completed = load.record.completed_in_window = requests;
  return load;
}

/// How many of the experiments find a target slower than another.
unsigned false_verdicts(const Answers& answers, unsigned repeats) {
  unsigned found = 0;
  for (unsigned seed = 0; seed < experiments; ++seed) {
    std::mt19937_64 random(seed);
    ExperimentResult result = result_of({"a", "b", "c"}, {160, 400});
    result.repeats = repeats;
    for (std::size_t level = 0; level < result.load.levels.size(); ++level) {
      for (std::size_t target = 0; target < result.targets.size(); ++target) {
        for (unsigned repeat = 0; repeat < repeats; ++repeat) {
          const auto requests = static_cast<unsigned>(3 * result.load.levels[level]);
          result.runs.push_back({.target = target,
                                 .level = level,
                                 .repeat = repeat,
                                 .load = run_of(answers, requests, random),
                                 .server = {}});
        }
      }
    }
    for (const LevelGroup& group : compare(result)) {
      if (rank(result, group).slower.empty()) continue;
      ++found;
      break;
    }
  }
  return found;
}

class SameServers : public testing::TestWithParam<Answers> {};

TEST_P(SameServers, AreRarelyToldApartByRepeats) {
  EXPECT_LE(false_verdicts(GetParam(), 3), most_false);
}

TEST_P(SameServers, AreRarelyToldApartByASingleRun) {
  EXPECT_LE(false_verdicts(GetParam(), 1), most_false);
}

INSTANTIATE_TEST_SUITE_P(Simulated, SameServers,
                         testing::Values(Answers{"exponential", exponential}, Answers{"lognormal", lognormal},
                                         Answers{"two_percent_tail", with_a_tail}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace waitlab::client
