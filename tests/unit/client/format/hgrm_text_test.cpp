#include "client/format/hgrm_text.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

TEST(HgrmText, OfNothingHasNoLevels) {
  EXPECT_EQ(hgrm_text(HdrHistogram()), R"(       Value     Percentile TotalCount 1/(1-Percentile)

#[Mean    =        0.000, StdDeviation   =        0.000]
#[Max     =        0.000, Total count    =            0]
#[Buckets =           23, SubBuckets     =         2048]
)");
}

// 10, 20, 30 and 40 ms, as the middles of their buckets: at 5 ticks to a half distance the first levels are 0 %, 10 %,
// … 50 %, then 55 %.
TEST(HgrmText, StepsFinerTheNearerItComesToTheLast) {
  HdrHistogram histogram;
  for (const auto time : {10ms, 20ms, 30ms, 40ms})
    histogram.record(time);
  EXPECT_EQ(hgrm_text(histogram), R"(       Value     Percentile TotalCount 1/(1-Percentile)

      10.002 0.000000000000          1           1.00
      10.002 0.100000000000          1           1.11
      10.002 0.200000000000          1           1.25
      20.005 0.300000000000          2           1.43
      20.005 0.400000000000          2           1.67
      20.005 0.500000000000          2           2.00
      30.015 0.550000000000          3           2.22
      30.015 0.600000000000          3           2.50
      30.015 0.650000000000          3           2.86
      30.015 0.700000000000          3           3.33
      30.015 0.750000000000          3           4.00
      40.010 0.775000000000          4           4.44
      40.010 1.000000000000          4
#[Mean    =       24.999, StdDeviation   =       11.180]
#[Max     =       40.010, Total count    =            4]
#[Buckets =           23, SubBuckets     =         2048]
)");
}

}  // namespace
}  // namespace waitlab::client
