#include "client/engine/cpu_watch.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

TEST(CpuLoss, IsTheShareOfWhatWentByMeanwhile) {
  const CpuLoss loss =
      loss_between({.all = 900, .wanted = 500, .stolen = 100}, {.all = 2000, .wanted = 900, .stolen = 120},
                   {{.periods = 50, .throttled = 10}}, {{.periods = 100, .throttled = 25}});
  EXPECT_DOUBLE_EQ(*loss.stolen, 0.05);
  EXPECT_DOUBLE_EQ(*loss.throttled, 0.3);
}

TEST(CpuLoss, IsOfTheQuotaThatWasUsedUpMostOften) {
  const std::vector<CgroupThrottling> none(3);
  const CpuLoss loss = loss_between({}, {}, none, {{.periods = 100, .throttled = 8}, {}, {.periods = 100}});
  EXPECT_DOUBLE_EQ(*loss.throttled, 0.08);
}

TEST(CpuLoss, IsNotMadeOfASingleTickOrPeriod) {
  EXPECT_DOUBLE_EQ(*loss_between({}, {.all = 1000, .wanted = 10, .stolen = 1}, {}, {}).stolen, 0.01);
  EXPECT_DOUBLE_EQ(*loss_between({}, {}, {{}}, {{.periods = 10, .throttled = 1}}).throttled, 0.05);
}

TEST(CpuLoss, IsNotKnownWhereNothingWentBy) {
  const CpuLoss loss = loss_between({}, {}, {}, {});
  EXPECT_FALSE(loss.stolen);
  EXPECT_FALSE(loss.throttled) << "there is no quota";
  EXPECT_TRUE(loss.empty());
}

TEST(CpuWatch, SeesThisMachine) {
  const CpuWatch watch(true);
  EXPECT_LE(watch.loss().stolen.value_or(0), 1);
}

}  // namespace
}  // namespace waitlab::client
