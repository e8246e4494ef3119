#include "client/experiment/log_names.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

TEST(LogNames, TellTargetsRepeatsAndFreshStartsApart) {
  const LogNames names("results/mine/logs");
  EXPECT_EQ(names.target("pool", 0, 0), "results/mine/logs/pool-1.log");
  EXPECT_EQ(names.target("pool", 1, 2), "results/mine/logs/pool-2-run-3.log");
  EXPECT_EQ(names.requests("pool", 1, 0), "results/mine/logs/pool-2-requests.csv");
}

TEST(LogNames, AreToldFromTheFolderOfTheResults) {
  const LogNames names("results/mine/logs-2");
  EXPECT_EQ(names.in_results(names.holds()), "logs-2/holds.csv");
  EXPECT_EQ(names.in_results(""), "");
}

}  // namespace
}  // namespace waitlab::client
