#include "client/report/wording.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

class TargetNames : public testing::Test {
 protected:
  TargetNames() {
    for (const char* threads : {"4", "8", "16", "32"}) {
      targets_.push_back({.name = std::string("pool-") + threads,
                          .family = "pool",
                          .sweep = {std::string("strategies.fixed-pool.queue_capacity=") + threads}});
    }
    targets_.push_back({.name = "loop", .family = "loop"});
  }

  std::string names(const std::vector<std::size_t>& indices) const {
    std::vector<const ExperimentTarget*> some;
    for (const std::size_t index : indices)
      some.push_back(&targets_[index]);
    return names_of(some);
  }

  std::vector<ExperimentTarget> targets_;
};

TEST_F(TargetNames, AreAList) {
  EXPECT_EQ(names({}), "");
  EXPECT_EQ(names({4}), "loop");
  EXPECT_EQ(names({0, 1, 4}), "pool-4, pool-8 and loop");
}

TEST_F(TargetNames, TellNeighboursOfASweepAsOne) {
  EXPECT_EQ(names({0, 1, 2, 3, 4}), "pool-4 … pool-32 and loop");
  EXPECT_EQ(names({1, 2, 3}), "pool-8 … pool-32");
}

TEST_F(TargetNames, HideNoGap) {
  EXPECT_EQ(names({0, 1, 3}), "pool-4, pool-8 and pool-32");
}

TEST_F(TargetNames, TellNoSweepOverTwoSettingsAsARange) {
  for (ExperimentTarget& target : targets_)
    target.sweep.push_back("strategy=fixed-pool");
  EXPECT_EQ(names({0, 1, 2}), "pool-4, pool-8 and pool-16");
}

}  // namespace
}  // namespace waitlab::client
