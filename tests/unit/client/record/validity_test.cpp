#include "client/record/validity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadResult good_result() {
  LoadResult result;
  result.record.begin();
  result.record.complete({.intended = 0s, .sent = 0s, .ended = 1ms}, 200);
  return result;
}

TEST(Validity, FindsNothingWrongWithAGoodRun) {
  EXPECT_THAT(judge(good_result()), IsEmpty());
}

TEST(Validity, RefusesARunInWhichNothingCompleted) {
  EXPECT_THAT(judge(LoadResult{}), ElementsAre(HasSubstr("no request completed")));
}

TEST(Validity, RefusesARunThatLostARequest) {
  LoadResult result = good_result();
  result.record.begin();
  EXPECT_THAT(judge(result), ElementsAre(HasSubstr("2 requests were sent and 1 ended")));
}

TEST(Validity, RefusesAnInterruptedRun) {
  LoadResult result = good_result();
  result.interrupted = true;
  EXPECT_THAT(judge(result), ElementsAre(HasSubstr("interrupted")));
}

TEST(Validity, RefusesARunThatReachedTheConnectionCap) {
  LoadResult result = good_result();
  result.connections = 5;
  result.record.waited_for_connection = 3;
  EXPECT_THAT(judge(result), ElementsAre(HasSubstr("all 5 connections were busy and 3 requests had to wait")));
}

TEST(Validity, RefusesARunInWhichTheClientWasLate) {
  LoadResult result = good_result();
  for (int i = 0; i < 97; ++i)
    result.record.schedule_lag.record(1ms);
  for (int i = 0; i < 3; ++i)
    result.record.schedule_lag.record(50ms);
  EXPECT_THAT(judge(result), ElementsAre(HasSubstr("the client itself was late")));
}

TEST(Validity, ForgivesAClientThatWasLateOnceInAWhile) {
  LoadResult result = good_result();
  for (int i = 0; i < 200; ++i)
    result.record.schedule_lag.record(1ms);
  result.record.schedule_lag.record(50ms);
  EXPECT_THAT(judge(result), IsEmpty());
}

}  // namespace
}  // namespace waitlab::client
