#include "client/report/standing.hpp"

#include "tests/unit/client/report/figures_of.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

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

}  // namespace
}  // namespace waitlab::client
