#include "client/record/server_timing.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

TEST(ServerTiming, ReadsTheThreeDurationsInMilliseconds) {
  const auto timing = parse_server_timing("queue;dur=0.012, backend;dur=50.25, handler;dur=1");
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->queue, 12us);
  EXPECT_EQ(timing->backend, 50'250us);
  EXPECT_EQ(timing->handler, 1ms);
}

TEST(ServerTiming, TakesAnyOrderSpacesDescriptionsAndOtherMetrics) {
  const auto timing = parse_server_timing("cache;desc=\"hit\";dur=9 ,handler ; desc=x ; dur = 2.5,db;dur=7");
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->handler, 2500us);
  EXPECT_EQ(timing->queue, 0ns);
}

TEST(ServerTiming, KnowsQuotedStrings) {
  const auto timing = parse_server_timing(R"(x;desc="a, queue;dur=9", queue;desc="\", ;";dur="1.5", backend;dur=2)");
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->queue, 1500us);
  EXPECT_EQ(timing->backend, 2ms);
}

TEST(ServerTiming, IsNothingWithoutOneOfOurs) {
  for (const char* field : {"", "db;dur=7", "queue", "queue;dur=", "queue;dur=x", "queue;dur=-1", "queue;dur=1e300",
                            "queue;dur=nan", ",;,=", "queue;desc=dur"})
    EXPECT_FALSE(parse_server_timing(field)) << field;
}

}  // namespace
}  // namespace waitlab::client
