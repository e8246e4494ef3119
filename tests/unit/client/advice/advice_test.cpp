#include "client/advice/advice.hpp"

#include "client/advice/advice_text.hpp"
#include "tests/unit/client/advice/known_strategies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

std::string reason_of(const Advice& advice, const std::string& about) {
  for (const AdviceReason& reason : reasons(advice))
    if (reason.about == about) return reason.text;
  return "";
}

TEST(Advice, IsASmallPoolWhereOneMeetsTheGoal) {
  const Advice advice = advise(load_with_p99(258ms, 128));
  EXPECT_EQ(headline(advice), "Use herd with 8 threads.");
  EXPECT_THAT(settings_of(advice.strategy(*advice.kind), advice.size), ElementsAre("strategy=herd", "herd.cows=8"));
  EXPECT_EQ(advice.keeps_up, 7U);
  EXPECT_THAT(reason_of(advice, "Pool"), HasSubstr("8 threads: p99 258 ms (Erlang-C); 7: p99 436 ms."));
  EXPECT_THAT(reason_of(advice, "Load"), HasSubstr("128/s × 50 ms = 6.4 waiting on average (Little)"));
  EXPECT_EQ(reasons(advice).size(), 6U);
  EXPECT_THAT(advice_text(advice, "it"), HasSubstr(R"(Config     {"strategy":"herd","herd":{"cows":8}})"));
}

TEST(Advice, IsNoStrategyWhereTheHoldsAloneMissTheGoal) {
  const Advice advice = advise(load_with_p99(200ms));
  EXPECT_EQ(headline(advice), "No strategy meets p99<limit: the holds alone have p99 230 ms.");
  EXPECT_FALSE(advice.kind);
  EXPECT_THAT(reason_of(advice, "Hold"), HasSubstr("neither threads nor async shorten a hold"));
}

TEST(Advice, SaysWhatABackendWithACapCanCarry) {
  AdviceLoad load = load_with_p99(300ms);
  load.backend_concurrency = 16;
  const Advice advice = advise(load);
  EXPECT_EQ(headline(advice), "No strategy meets p99<limit at 400/s, and no size: the backend can carry 320/s.");
  EXPECT_THAT(reason_of(advice, "Backend"), HasSubstr("Async moves that queue; it adds no capacity."));
}

TEST(Advice, CountsTheBackendsOwnQueue) {
  AdviceLoad load = load_with_p99(257ms, 128);
  load.backend_concurrency = 8;
  EXPECT_EQ(headline(advise(load)),
            "No strategy meets p99<limit at 128/s: behind 8 at once, the backend's own queue makes it p99 258 ms; it "
            "would have to serve 9.");
  load.backend_concurrency = 9;
  EXPECT_EQ(headline(advise(load)), "Use herd with 9 threads.");
}

TEST(Advice, IsALoopWhereAPoolWouldBeLargeOrTheTailIsHeavy) {
  AdviceLoad many = load_with_p99(1s, 8000);
  const Advice advice = advise(many);
  EXPECT_EQ(headline(advice), "Use donkey.");
  EXPECT_THAT(reason_of(advice, "Pool"), HasSubstr("More than 200 threads are not advised"));
  many.rate = 400;
  many.thread_limit = 20;
  EXPECT_EQ(headline(advise(many)), "Use donkey.");
  AdviceLoad heavy = load_with_p99(1s, 20);
  heavy.hold = hold_of({.distribution = "pareto", .min = 10ms, .alpha = 1.5});
  EXPECT_EQ(headline(advise(heavy)), "Use donkey.");
  EXPECT_THAT(reason_of(advise(heavy), "Pool"), HasSubstr("no formula gives a size"));
}

TEST(Advice, IsLoopsOnSeveralCpusWhereOneIsTooFew) {
  AdviceLoad load = load_with_p99(1s, 9000);  // 0.78 CPUs
  EXPECT_EQ(headline(advise(load)), "Use mules with 2 loops.");
  load.rate = 20'000;  // 1.74
  EXPECT_EQ(headline(advise(load)), "No strategy meets p99<limit on 2 CPUs: 20000/s take 1.7.");
  load.cpus = 4;
  EXPECT_EQ(headline(advise(load)), "Use mules with 3 loops.");
}

TEST(Advice, IsALoopWithAPoolWhereRequestsComputeForLong) {
  AdviceLoad load = load_with_p99(500ms, 20);
  load.cpu_per_request = 60ms;
  load.thread_limit = 2;
  EXPECT_EQ(headline(advise(load)), "Use team with 2 pool threads.");
  load.cpu_per_request = 40ms;
  EXPECT_EQ(headline(advise(load)), "Use mules with 2 loops.");
}

TEST(Advice, WarnsOfAPoolWithNothingToSpare) {
  EXPECT_THAT(reason_of(advise(load_with_p99(400ms)), "Pool"), HasSubstr("At 95 % busy it falls behind"));
  EXPECT_THAT(reason_of(advise(load_with_p99(258ms, 128)), "Pool"), testing::Not(HasSubstr("falls behind if")));
}

TEST(ResponseGoal, IsWhatTheoryHasAFigureFor) {
  const ResponseGoal p999 = response_goal(parse_threshold("p99.9<1s").value()).value();
  EXPECT_EQ(p999.quantile, 0.999);
  EXPECT_EQ(p999.limit, Seconds(1));
  EXPECT_EQ(goal_label(p999), "p99.9");
  EXPECT_FALSE(response_goal(parse_threshold("mean<=80ms").value()).value().quantile);
  for (const char* text : {"max<1s", "rate>5", "errors<1%", "p99>1s", "service_p99<1s", "p99<0s"})
    EXPECT_FALSE(response_goal(parse_threshold(text).value())) << text;
}

TEST(AdvisedStrategies, AreFoundByTheirFacts) {
  const auto known = known_strategies();
  const AdvisedStrategies chosen = choose_strategies(known).value();
  EXPECT_EQ(chosen[0].name + chosen[1].name + chosen[2].name + chosen[3].name, "herddonkeymulesteam");
  EXPECT_EQ(choose_strategies(std::span(known).first(3)).error().message,
            "the server has no strategy of several loops");
}

// The figures are those of the table that people read.
TEST(MeasuredCost, IsThatOfTheDocumentation) {
  std::ifstream file(WAITLAB_SOURCE_DIR "/docs/strategies.md");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_THAT(text, HasSubstr("| `fixed-pool` | 28.2 KiB | 151 µs |"));
  EXPECT_THAT(text, HasSubstr("| `event-loop` | 3.8 KiB | 87 µs |"));
  EXPECT_THAT(text, HasSubstr("| `event-loop-per-core` | 3.8 KiB | 90 µs |"));
  EXPECT_EQ(measured_cost(WaitKind::pool).cpu_us, 151);
  EXPECT_EQ(measured_cost(WaitKind::loop).cpu_us, 87);
  EXPECT_EQ(measured_cost(WaitKind::loops).cpu_us, 90);
}

}  // namespace
}  // namespace waitlab::client
