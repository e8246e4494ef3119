#include "client/lessons/async_adds_no_capacity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace waitlab::client {
namespace {

using testing::HasSubstr;
using testing::Not;

CapacitySeen capacity_of(double pool_per_s, double loop_per_s) {
  CapacitySeen seen;
  seen.pool_of_8 = {.good_per_s = pool_per_s, .in_server = Seconds(0.4), .at_backend = Seconds(0)};
  seen.loop = {.good_per_s = loop_per_s, .in_server = Seconds(0), .at_backend = Seconds(0.41)};
  return seen;
}

TEST(AsyncAddsNoCapacity, TakesLessThanAThirdForNoDifference) {
  EXPECT_EQ(answer_of_capacity(capacity_of(160, 160)), "same");
  EXPECT_EQ(answer_of_capacity(capacity_of(160, 207)), "same");
  EXPECT_EQ(answer_of_capacity(capacity_of(207, 160)), "same");
}

TEST(AsyncAddsNoCapacity, TellsWhereOneGotMoreDone) {
  EXPECT_EQ(answer_of_capacity(capacity_of(160, 208)), "more");
  EXPECT_EQ(answer_of_capacity(capacity_of(208, 160)), "less");
}

TEST(AsyncAddsNoCapacity, HasNoAnswerWhereOneWasNotMeasured) {
  CapacitySeen seen = capacity_of(160, 160);
  seen.loop.good_per_s.reset();
  EXPECT_EQ(answer_of_capacity(seen), "");
  EXPECT_THAT(capacity_sentences(seen), Not(HasSubstr("came through")));
}

TEST(AsyncAddsNoCapacity, SaysWhereTheQueueWas) {
  EXPECT_THAT(capacity_sentences(capacity_of(160, 160)),
              HasSubstr("with 8 threads 400 ms in the server, with the event loop 410 ms at the backend"));
}

TEST(AsyncAddsNoCapacity, SaysWhatItSawWhereThatContradictsTheFolklore) {
  EXPECT_THAT(capacity_sentences(capacity_of(160, 240)),
              HasSubstr("Here 160/s came through the pool and 240/s through the event loop, though"));
}

TEST(AsyncAddsNoCapacity, ComparesWithABackendWithoutALimitOnceThatIsMeasured) {
  CapacitySeen seen = capacity_of(160, 160);
  EXPECT_THAT(capacity_sentences(seen), Not(HasSubstr("as many as come")));
  seen.uncapped_pool_of_8 = 158;
  seen.uncapped_loop = 239;
  EXPECT_THAT(capacity_sentences(seen), HasSubstr("158/s through the pool, 239/s through the event loop"));
}

TEST(AsyncAddsNoCapacity, DoesNotSayThatTheQueueMovedWhereItDidNot) {
  CapacitySeen seen = capacity_of(160, 160);
  EXPECT_THAT(capacity_sentences(seen), HasSubstr("What differs is where a request queues"));
  seen.loop.in_server = Seconds(0.42);
  EXPECT_THAT(capacity_sentences(seen), Not(HasSubstr("What differs")));
  EXPECT_THAT(capacity_sentences(seen),
              HasSubstr("400 ms in the server and 0 ns at the backend, with the event loop for "
                        "420 ms and 410 ms"));
}

TEST(AsyncAddsNoCapacity, CallsTheThreadsTheOnlyLimitOnlyWhereTheFiguresDo) {
  CapacitySeen seen = capacity_of(160, 160);
  seen.uncapped_pool_of_8 = 158;
  seen.uncapped_loop = 239;
  EXPECT_THAT(capacity_sentences(seen), HasSubstr("Only where the backend takes as many"));
  seen.uncapped_loop = 165;
  EXPECT_THAT(capacity_sentences(seen), HasSubstr("should be the limit; here that was not seen: 158/s"));
  seen = capacity_of(100, 160);
  seen.uncapped_pool_of_8 = 100;
  seen.uncapped_loop = 239;
  EXPECT_THAT(capacity_sentences(seen), Not(HasSubstr("Only where")));
  EXPECT_THAT(capacity_sentences(seen), Not(HasSubstr("What differs")));
}

}  // namespace
}  // namespace waitlab::client
