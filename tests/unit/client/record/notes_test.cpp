#include "client/record/notes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadResult completed(int count, unsigned status = 200) {
  LoadResult result;
  for (int i = 0; i < count; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0s, .sent = 0s, .ended = 1ms}, status);
  }
  return result;
}

void fail(LoadResult& result, int count) {
  for (int i = 0; i < count; ++i) {
    result.record.begin();
    result.record.fail(ErrorKind::reset, "reset");
  }
}

TEST(Notes, AreNoneOnARunThatWentWell) {
  EXPECT_THAT(notes_on(LoadResult{}), IsEmpty());
  LoadResult result = completed(99);
  fail(result, 1);
  EXPECT_THAT(notes_on(result), IsEmpty());
}

TEST(Notes, SayHowFewRequestsTheTimesAreOf) {
  LoadResult result = completed(235);
  fail(result, 565);
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("565 of 800 requests failed")));
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("235 completed")));
}

TEST(Notes, SayThatTimeoutsAreLowerBounds) {
  LoadResult result = completed(9);
  result.record.begin();
  result.record.time_out(ErrorKind::timeout, {}, 2s);
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("1 of 10 requests timed out")));
}

TEST(Notes, TellOfErrorStatuses) {
  EXPECT_THAT(notes_on(completed(3, 503)), ElementsAre(HasSubstr("3 of 3 requests were answered with an error")));
}

TEST(Notes, TellOfUnexpectedAnswers) {
  LoadResult result;
  ResponseSeen response(200);
  response.unwanted = ErrorKind::unexpected_body;
  result.record.begin();
  result.record.complete({.intended = 0s, .sent = 0s, .ended = 1ms}, response);
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("1 of 1 requests got another answer than expected")));
}

LoadResult achieved(std::uint64_t responses) {
  LoadResult result;
  result.offered_rate = 100;
  result.window = 100s;
  result.record.completed_in_window = responses;
  return result;
}

TEST(Notes, SayThatTheServerFellBehind) {
  EXPECT_THAT(notes_on(achieved(9'000)), ElementsAre(HasSubstr("the server fell behind: 90/s of 100/s")));
  EXPECT_THAT(notes_on(achieved(9'750)), IsEmpty());
}

TEST(Notes, AllowForChanceWhereFewRequestsAreExpected) {
  LoadResult result = achieved(90);
  result.window = 1s;
  EXPECT_THAT(notes_on(result), IsEmpty());
}

TEST(Notes, SayInWhichStepTheServerFellBehind) {
  LoadResult result = achieved(20'000);
  result.steps.resize(2);
  for (StepResult& step : result.steps) {
    step.from_rate = step.to_rate = 100;
    step.window = 100s;
  }
  result.steps[0].record.completed_in_window = 10'000;
  result.steps[1].record.completed_in_window = 5'000;
  EXPECT_THAT(notes_on(result), ElementsAre(testing::StartsWith("step 2: the server fell behind: 50/s of 100/s")));
}

TEST(Notes, TellOfTheClientsOwnPartInTheTimes) {
  LoadResult result;
  for (int i = 0; i < 100; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0s, .sent = 2ms, .ended = 4ms}, 200);
    result.record.schedule_lag.record(2ms);
  }
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("the client's own lag (p99 2 ms)")));
}

TEST(Notes, TellOfAnOverflowingListenQueueAndOfACrowdedCpu) {
  LoadResult result;
  result.listen_overflows = 7;
  result.load_threads = {{.cpu_share = 0.5, .span = 2s, .involuntary_switches = 2'000}};
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("overflowed 7 times"), HasSubstr("1000 times a second")));
}

}  // namespace
}  // namespace waitlab::client
