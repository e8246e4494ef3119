#include "client/commands/advise_verification.hpp"

#include "tests/unit/client/advice/known_strategies.hpp"
#include "tests/unit/client/report/runs_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

/// 8 threads.
Advice advice_of_a_pool() {
  AdviceLoad load = load_with_p99(258ms, 128);
  load.slo = "p99<258ms";
  return advise(load);
}

/// One run of each target, whose p99 is so many times 990 microseconds.
ExperimentResult runs_with(const std::vector<std::chrono::nanoseconds>& units) {
  ExperimentResult result;
  result.targets = {{.name = "herd-8"}, {.name = "herd-7"}, {.name = "donkey"}};
  for (std::size_t target = 0; target < units.size(); ++target)
    result.runs.push_back({.target = target, .load = run_of(units[target]).result, .server = {}});
  return result;
}

TEST(AdviseVerification, SaysThatTheAdviceHeldAndWhoMissedIt) {
  const Verification found = judge_verification(advice_of_a_pool(), runs_with({200us, 400us, 200us}));
  EXPECT_TRUE(found.held());
  EXPECT_THAT(found.sentence, StartsWith("The advice held: herd-8 answered with p99 198 ms"));
  EXPECT_THAT(found.sentence, HasSubstr("herd-7 missed it: p99 396 ms"));
  EXPECT_THAT(found.sentence, HasSubstr("donkey met it as well"));
}

TEST(AdviseVerification, SaysThatItDidNotHoldWithBothFigures) {
  const Verification found = judge_verification(advice_of_a_pool(), runs_with({300us, 400us, 200us}));
  EXPECT_FALSE(found.held());
  EXPECT_THAT(found.sentence, StartsWith("The advice did not hold: herd-8 answered with p99 297 ms"));
  EXPECT_THAT(found.sentence, HasSubstr("herd-7 missed it: p99 396 ms"));
}

TEST(AdviseVerification, SaysThatTheLimitLiesInTheInterval) {
  EXPECT_THAT(judge_verification(advice_of_a_pool(), runs_with({260us, 400us, 200us})).sentence,
              HasSubstr("another run may find otherwise"));
}

TEST(AdviseVerification, KnowsNothingWithoutAValidRun) {
  ExperimentResult result = runs_with({200us, 400us, 200us});
  result.runs[0].load.invalid_because = {"the client fell behind"};
  const Verification found = judge_verification(advice_of_a_pool(), result);
  EXPECT_FALSE(found.known());
  EXPECT_THAT(found.sentence, StartsWith("Whether the advice holds is not known"));
}

TEST(AdviseVerification, IsAnExperimentThatCanBeRead) {
  AdviceLoad load = advice_of_a_pool().load;
  load.hold =
      hold_of({.distribution = "bimodal", .parts = {{.weight = 9, .delay = 10ms}, {.weight = 1, .delay = 100ms}}});
  load.backend_concurrency = 100;
  load.cpu_per_request = 1087us;
  const Advice advice = advise(load);
  const auto experiment = parse_experiment(verification_experiment(advice), "advise.jsonc");
  ASSERT_TRUE(experiment) << experiment.error().message;
  EXPECT_EQ(experiment->load.levels, std::vector<double>{128});
  EXPECT_EQ(experiment->load.path, "/mix?work=1ms");
  EXPECT_EQ(experiment->backend.delay.parts.size(), 2U);
  EXPECT_EQ(experiment->backend.concurrency, 100U);
  EXPECT_EQ(experiment->thresholds.size(), 2U);
  EXPECT_EQ(experiment->targets.size(), 3U);
}

TEST(AdviseVerification, RefusesWhatTheMachineCannotCarry) {
  const Placement two{.server = {1}, .client_and_backend = {0}};
  EXPECT_TRUE(expect_verifiable(advice_of_a_pool(), two));
  EXPECT_THAT(expect_verifiable(advise(load_with_p99(1s, 14'000)), two).error().message,
              HasSubstr("the server would need about 1.3 CPUs and gets 1"));
}

}  // namespace
}  // namespace waitlab::client
