#include "client/report/standing.hpp"

#include "client/report/verdict.hpp"

#include "tests/unit/client/report/figures_of.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

bool behind(const Medians& medians, std::chrono::nanoseconds window) {
  const Cell cell = cell_of(0, medians);
  return fell_behind({.target = nullptr, .cell = &cell}, window);
}

TEST(FellBehind, NotByRequestsThatAreHeldWhenTheWindowEnds) {
  EXPECT_FALSE(behind({{Metric::arrived, 20}, {Metric::achieved, 16}, {Metric::hold, 200}, {Metric::errors, 0}}, 1s));
}

TEST(FellBehind, ByABacklogThatHoldsCannotExplain) {
  const Medians overloaded{{Metric::arrived, 400}, {Metric::achieved, 319}, {Metric::hold, 50}, {Metric::errors, 0}};
  EXPECT_TRUE(behind(overloaded, 3s));
  EXPECT_TRUE(behind({{Metric::arrived, 20}, {Metric::achieved, 10}, {Metric::hold, 200}, {Metric::errors, 0}}, 3s));
}

TEST(FellBehind, ByRequestsThatWentWrong) {
  EXPECT_TRUE(behind({{Metric::arrived, 100}, {Metric::achieved, 100}, {Metric::errors, 6}}, 3s));
  EXPECT_FALSE(behind({{Metric::arrived, 100}, {Metric::achieved, 100}, {Metric::errors, 4}}, 3s));
}

TEST(FellBehind, NotByFivePercent) {
  EXPECT_FALSE(behind({{Metric::arrived, 400}, {Metric::achieved, 381}, {Metric::hold, 1}}, 60s));
}

TEST(Standing, AnUnknownTimeIsNotTheBest) {
  const ExperimentResult result = result_of({"a", "b"}, {100});
  const Medians known{{Metric::arrived, 100}, {Metric::achieved, 100}, {Metric::p50, 40}, {Metric::p99, 90}};
  const Medians unknown{{Metric::arrived, 100}, {Metric::achieved, 100}, {Metric::p50, 20}};
  const LevelGroup group{{.value = 100}, {cell_of(0, unknown), cell_of(1, known)}};
  EXPECT_EQ(rank(result, group).best.name(), "b");
}

TEST(Standing, NobodyIsSlowerThanALowerBound) {
  Cell bound = cell_of(0, {{Metric::p99, 500}});
  bound[Metric::p99]->at_least = true;
  const Cell known = cell_of(1, {{Metric::p99, 1200}});
  EXPECT_FALSE(slower_by({.target = nullptr, .cell = &known}, {.target = nullptr, .cell = &bound}));
}

/// Pools of 19 and more threads that were offered 400/s of holds of 50 ms, of which chance brought 376/s.
class SparedPools : public testing::Test {
 protected:
  Verdict verdict(const std::vector<unsigned>& sizes) const {
    std::vector<std::string> names;
    LevelGroup group{.level = {.value = 400}, .cells = {}};
    for (const unsigned size : sizes) {
      names.push_back(fmt::format("pool-{}", size));
      group.cells.push_back(
          cell_of(group.cells.size(), with(keeps_up(376), {{Metric::utilisation, 400 * 0.0501 / size * 100}})));
      group.cells.back().workers = size;
    }
    return judge_experiment(result_of(names, {400}), {group});
  }
};

TEST_F(SparedPools, AreSaidToCarryLessThanIsOffered) {
  const Verdict verdict = this->verdict({19, 24});
  EXPECT_EQ(verdict.headline, "At 400/s pool-19 can carry only 379/s; pool-24 kept up.");
  EXPECT_THAT(verdict.findings[0],
              HasSubstr("pool-19 has 19 threads, each of which a request holds for 50.1 ms on average, so it can serve "
                        "about 379/s of the 400/s offered, only 376/s arrived in these runs, by chance and waits keep "
                        "growing while the overload lasts. pool-24 kept up"));
}

TEST_F(SparedPools, AreToldByTheirLimitsWhereThereAreSeveral) {
  EXPECT_THAT(verdict({10, 19, 24}).headline, StartsWith("At 400/s pool-10 and pool-19 can carry only 200/s (pool-10) "
                                                         "to 379/s (pool-19)"));
}

TEST_F(SparedPools, AreWarnedOfWhenTheyAreAlmostBusy) {
  EXPECT_THAT(verdict({21, 22, 24}).findings[0],
              HasSubstr("Close to the limit, where a little more load makes long waits: pool-21 is 95 % busy and "
                        "pool-22 91 %."));
  EXPECT_THAT(verdict({23, 24}).findings[0], Not(HasSubstr("Close to the limit")));
}

}  // namespace
}  // namespace waitlab::client
