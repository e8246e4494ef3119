#include "client/report/theory.hpp"

#include "tests/unit/client/report/facts.hpp"
#include "tests/unit/client/report/figures_of.hpp"
#include "tests/unit/client/theory/ms.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace waitlab::client {
namespace {

/// The place of a percentile among those that are shown.
consteval std::size_t place_of(std::string_view key) {
  return static_cast<std::size_t>(std::ranges::find(shown_quantiles, key, &Quantile::key) - shown_quantiles.begin());
}
constexpr std::size_t p50 = place_of("p50");
constexpr std::size_t p99 = place_of("p99");
constexpr std::size_t p999 = place_of("p999");

using namespace std::chrono_literals;

class Line : public testing::Test {
 protected:
  Line() {
    result_ = result_of({"it"}, {100});
    result_.backend = {"profile.delay.mean=20ms"};
  }

  ExperimentTarget& target() { return result_.targets[0]; }
  void be_loop() { target().facts = loop_facts(); }
  void be_pool(unsigned threads, unsigned queue = 1024) { target().facts = pool_facts(threads, queue); }
  std::optional<WaitingLine> line() { return waiting_line(result_, target()); }

  ExperimentResult result_;
};

TEST_F(Line, HasNoLimitWhereNothingHoldsAThread) {
  be_loop();
  ASSERT_TRUE(line());
  EXPECT_FALSE(line()->servers);
  EXPECT_FALSE(line()->room);
  EXPECT_EQ(line()->hold, 20ms);
}

TEST_F(Line, HasAServerForEachThreadOfAPool) {
  be_pool(16);
  EXPECT_EQ(line()->servers, 16u);
  EXPECT_EQ(line()->room, 1024u);
}

TEST_F(Line, IsAsLongAsThePoolsQueue) {
  be_pool(16, 64);
  EXPECT_EQ(line()->room, 64u);
}

TEST_F(Line, HasNoRoomWhereThreadsAreAllThereIs) {
  target().facts = anew_facts(100);
  EXPECT_EQ(line()->servers, 100u);
  EXPECT_EQ(line()->room, 0u);
}

TEST_F(Line, HasNoLimitWhereTheLoadCannotReachIt) {
  target().facts = anew_facts(4096);
  ASSERT_TRUE(line());
  EXPECT_FALSE(line()->servers) << "the load has 4096 connections at most";
  result_.load.max_connections = 4097;
  EXPECT_EQ(line()->servers, 4096u);
  result_.load.loop = Loop::closed;
  EXPECT_FALSE(line()->servers) << "of 100 connections";
}

TEST_F(Line, GoesByWhatAStrategyIsAndNotByItsName) {
  for (const char* name : {"tortoise", "fixed-pool", "event-loop"}) {
    target().strategy = name;
    be_loop();
    ASSERT_TRUE(line()) << name;
    EXPECT_FALSE(line()->servers) << name;
    be_pool(4, 3);
    EXPECT_EQ(line()->servers, 4u) << name;
    EXPECT_EQ(line()->room, 3u) << name;
  }
}

TEST_F(Line, IsThatOfALoopWhereRequestsWaitWithoutAWorkerThoughOthersQueueForOne) {
  be_pool(4, 3);
  target().facts->holds_worker = false;
  target().facts->at_once.reset();
  ASSERT_TRUE(line());
  EXPECT_FALSE(line()->servers);
}

TEST_F(Line, IsLimitedByABackendWhateverTheStrategy) {
  result_.backend.push_back("profile.concurrency=8");
  be_loop();
  EXPECT_EQ(line()->servers, 8u);
  be_pool(4);
  EXPECT_EQ(line()->servers, 4u);
  be_pool(16, 64);
  EXPECT_EQ(line()->servers, 8u);
  EXPECT_EQ(line()->room, 72u) << "8 threads wait in the backend's queue";
}

TEST_F(Line, IsTheSameForATimerAsForABackend) {
  result_.backend.insert(result_.backend.begin(), "mode=timer");
  be_pool(16);
  ASSERT_TRUE(line());
  EXPECT_EQ(line()->servers, 16u);
}

TEST_F(Line, GoesByWhatTheTargetIsAskedForRatherThanTheLoad) {
  result_.load.path = "/cpu";
  be_loop();
  EXPECT_FALSE(line());
  target().path = "/fanout?calls=7";
  EXPECT_EQ(line()->calls, 7u);
}

TEST_F(Line, CountsTheCallsOfAFanout) {
  be_loop();
  for (const auto& [path, calls] :
       {std::pair("/wait", 1u), std::pair("/fanout", 5u), std::pair("/fanout?calls=10", 10u),
        std::pair("/fanout?mode=parallel&calls=3", 3u)}) {
    result_.load.path = path;
    ASSERT_TRUE(line()) << path;
    EXPECT_EQ(line()->calls, calls) << path;
  }
}

TEST_F(Line, IsUnknownWhereNoLawCoversIt) {
  be_loop();
  for (const char* path : {"/plain", "/wait?delay=5ms", "/fanout?mode=sequential", "/fanout?calls=", "/mix", ""}) {
    result_.load.path = path;
    EXPECT_FALSE(line()) << path;
  }
  result_.load.path = "/wait";
  result_.load.arrivals = "constant";
  EXPECT_FALSE(line());
  result_.load.arrivals = "poisson";
  for (const char* setting : {"profile.delay.distribution=fixed", "profile.on_full=reject", "profile.faults.error=0.1",
                              "profile.brownout.every=1s", "profile.slowdown.coherency=0.1", "unheard=of"}) {
    result_.backend = {setting};
    EXPECT_FALSE(line()) << setting;
  }
}

TEST_F(Line, IsUnknownWhereTheNumberOfThreadsIs) {
  target().strategy = "fixed-pool";
  EXPECT_FALSE(line());
  target().strategy = "";
  EXPECT_FALSE(line());
  target().threads = 8;
  EXPECT_FALSE(line()) << "its server did not tell what it is";
  be_pool(4);
  target().kind = TargetKind::command;
  EXPECT_FALSE(line());
}

/// Holds of 50 ms under a pool of 8 threads and an event loop, at rates of which the pool can finish two.
class TheoryOfTwo : public testing::Test {
 protected:
  TheoryOfTwo() : result_(result_of({"pool", "loop"}, {80, 128, 200})) {
    result_.targets[0].facts = pool_facts(8, 1024);
    result_.targets[1].facts = loop_facts();
  }

  std::vector<Theory> theory() const { return theory_of(result_, compare(result_)); }

  static const TheoryPoint* at(const Theory& theory, double rate) {
    const auto found = std::ranges::find(theory.curve, rate, &TheoryPoint::rate);
    return found == theory.curve.end() ? nullptr : &*found;
  }

  ExperimentResult result_;
};

TEST_F(TheoryOfTwo, IsErlangCUpToTheCapacityOfAPool) {
  const Theory pool = theory().at(0);
  EXPECT_EQ(pool.law, "Erlang-C");
  EXPECT_EQ(pool.capacity(), 160);
  ASSERT_TRUE(at(pool, 128));
  EXPECT_NEAR(ms(at(pool, 128)->mean), 64.30, 0.006);
  EXPECT_NEAR(ms(at(pool, 128)->percentiles[p50]), 49.3, 0.051);
  EXPECT_NEAR(ms(at(pool, 128)->percentiles[p99]), 257.6, 0.051);
  EXPECT_NEAR(ms(at(pool, 128)->percentiles[p999]), 373.5, 0.051);
  EXPECT_NEAR(ms(at(pool, 80)->percentiles[p99]), 231.2, 0.051);
  EXPECT_FALSE(at(pool, 200)) << "there the queue grows without end";
  EXPECT_LT(pool.curve.back().rate, 160);
  EXPECT_GT(pool.curve.back().rate, 0.99 * 160) << "the curve is followed to where it is steep";
}

TEST_F(TheoryOfTwo, IsTheHoldItselfWhereNobodyQueues) {
  const Theory loop = theory().at(1);
  EXPECT_EQ(loop.law, "M/G/inf");
  EXPECT_FALSE(loop.capacity());
  ASSERT_TRUE(at(loop, 200));
  EXPECT_NEAR(ms(at(loop, 200)->mean), 50, 1e-9);
  EXPECT_NEAR(ms(at(loop, 200)->percentiles[p99]), 230.3, 0.05);
}

TEST_F(TheoryOfTwo, IsErlangCForAnEventLoopInFrontOfABackendThatServesEight) {
  result_.backend = {"profile.concurrency=8"};
  EXPECT_NEAR(ms(at(theory().at(1), 128)->percentiles[p99]), 257.6, 0.051);
}

TEST_F(TheoryOfTwo, IsABoundedQueueWhereOneIs) {
  result_.targets[0].facts = pool_facts(8, 16);
  const Theory pool = theory().at(0);
  EXPECT_EQ(pool.law, "M/M/c/K");
  ASSERT_TRUE(at(pool, 200)) << "it is stable under any load";
  EXPECT_NEAR(ms(at(pool, 200)->mean), 126.8, 0.1);
  EXPECT_NEAR(ms(at(pool, 200)->percentiles[p99]), 317.5, 0.1);
}

TEST_F(TheoryOfTwo, TellsTheTimesOfWhatIsServedWhereMostIsTurnedAway) {
  result_.targets[0].facts = pool_facts(1, 0);
  const Theory pool = theory().at(0);
  ASSERT_TRUE(at(pool, 200)) << "10 of 11 are rejected";
  EXPECT_NEAR(ms(at(pool, 200)->mean), 50, 1e-6) << "the others find the thread idle";
  EXPECT_NEAR(ms(at(pool, 200)->percentiles[p50]), 34.66, 0.01);
}

TEST_F(TheoryOfTwo, WaitsForTheSlowestCallOfAFanout) {
  result_.load.path = "/fanout?calls=10";
  ASSERT_EQ(theory().size(), 1u) << "no law for a pool";
  EXPECT_NEAR(ms(at(theory()[0], 80)->mean), 146.4, 0.05);
  EXPECT_NEAR(ms(at(theory()[0], 80)->percentiles[p99]), 345.2, 0.05);
}

TEST_F(TheoryOfTwo, HasNoCurveOfAClosedLoopButItsLimit) {
  result_.load.loop = Loop::closed;
  EXPECT_TRUE(theory().at(0).curve.empty());
  EXPECT_EQ(theory()[0].line.servers, 8u);
}

TEST_F(TheoryOfTwo, NamesGoetzsNumberByTheLeastCpuTimeOfAnAnsweredRequest) {
  result_.placement.server = {0, 1};
  Comparison comparison = compare(result_);
  const auto set = [&](std::size_t level, double cpu_us, double errors) -> Cell& {
    Cell& cell = comparison[level].cells[0];
    cell[Metric::cpu] = spread_of({cpu_us});
    cell[Metric::errors] = spread_of({errors});
    return cell;
  };
  set(0, 200, 0);
  set(1, 100, 1);
  set(2, 10, 1.1);
  const auto theory = theory_of(result_, comparison);
  ASSERT_TRUE(theory.at(0).goetz);
  EXPECT_NEAR(*theory[0].goetz, 2 * (1 + 50 / 0.1), 1e-9);
  EXPECT_FALSE(theory[1].goetz) << "a loop has no number of threads to choose";
  set(1, 100, 0).valid = false;
  EXPECT_NEAR(theory_of(result_, comparison).at(0).goetz.value(), 2 * (1 + 50 / 0.2), 1e-9);
}

}  // namespace
}  // namespace waitlab::client
