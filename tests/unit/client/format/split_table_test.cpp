#include "client/format/split_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr ServerTiming told{.queue = 2ms, .backend = 60ms, .handler = 8ms};

void record(SplitTally& split, int count, std::chrono::nanoseconds service, const std::optional<ServerTiming>& timing) {
  for (int i = 0; i < count; ++i)
    split.record(service + 5ms, split_time(5ms, 0ns, service, timing), timing.has_value());
}

TEST(SplitTable, ShowsEachPartWithItsShare) {
  SplitTally split;
  record(split, 10, 95ms, told);
  EXPECT_EQ(split_table(split, split.count()),
            "Where the time went            all responses\n"
            "  client queue                  5 ms     5 %\n"
            "  server queue                  2 ms     2 %\n"
            "  backend                      60 ms    60 %\n"
            "  handler                       8 ms     8 %\n"
            "  transfer                     25 ms    25 %\n");
}

TEST(SplitTable, SetsTheSlowestBesideAll) {
  SplitTally split;
  record(split, 99, 95ms, told);
  record(split, 1, 995ms, told);
  const std::string table = split_table(split, split.count());
  EXPECT_THAT(table, HasSubstr("all responses             slowest 1 %\n"));
  EXPECT_THAT(table, HasSubstr("  transfer                     34 ms    31 %          925 ms    92 %\n"));
}

TEST(SplitTable, TakesTheServerTogetherWithTheTransferIfItToldNothing) {
  SplitTally split;
  record(split, 10, 95ms, std::nullopt);
  const std::string table = split_table(split, split.count());
  EXPECT_THAT(table, HasSubstr("  server and transfer          95 ms    95 %\n"));
  EXPECT_THAT(table, Not(HasSubstr("backend")));
}

TEST(SplitTable, SaysHowManyResponsesToldTheirParts) {
  SplitTally split;
  record(split, 3, 95ms, told);
  EXPECT_THAT(split_table(split, split.count()), Not(HasSubstr("told its parts")));
  record(split, 2, 95ms, std::nullopt);
  EXPECT_THAT(split_table(split, split.count()), HasSubstr("told its parts of 3 of 5 responses"));
}

TEST(SplitTable, SaysThatItIsOfGoodResponsesWhereThereWereOthers) {
  SplitTally split;
  record(split, 10, 95ms, told);
  EXPECT_THAT(split_table(split, 12), HasSubstr("Where the time went           good responses\n"));
}

TEST(SplitTable, IsEmptyWithoutResponses) {
  EXPECT_EQ(split_table({}, 0), "");
}

}  // namespace
}  // namespace waitlab::client
