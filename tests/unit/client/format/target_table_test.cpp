#include "client/format/target_table.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

TEST(TargetTable, HasALineForEachRequestOfAMix) {
  LoadResult result;
  result.targets = {{"GET", "/wait"}, {"POST", "/a/path/that/is/too/long?for=it"}};
  result.record.targets.resize(2);
  TargetTally& first = result.record.targets[0];
  first.completed = 1000;
  first.errors = 12;
  for (int i = 1; i <= 1000; ++i)
    first.response_time.record(100us * i);
  EXPECT_EQ(target_table(result),
            "Request                        completed  errors       p50       p90       p99\n"
            "  GET /wait                         1000      12     50 ms     90 ms     99 ms\n"
            "  POST /a/path/that/is/too/...         0       0         -         -         -\n");
}

TEST(TargetTable, IsEmptyWithoutAMix) {
  EXPECT_EQ(target_table({}), "");
}

}  // namespace
}  // namespace waitlab::client
