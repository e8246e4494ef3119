#include "client/judge/validity.hpp"

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

TEST(Validity, TrustsARunInWhichAllTimedOut) {
  LoadResult result;
  result.record.begin();
  result.record.time_out(ErrorKind::timeout, {}, 2s);
  EXPECT_THAT(judge(result), IsEmpty());
}

TEST(Validity, RefusesARunInWhichAllFailed) {
  LoadResult result;
  result.record.begin();
  result.record.fail(ErrorKind::reset, "reset");
  EXPECT_THAT(judge(result), ElementsAre(HasSubstr("no request completed")));
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

TEST(Validity, SaysThatThreadsShareTheConnectionCap) {
  LoadResult result = good_result();
  result.connections = 10;
  result.threads = 4;
  result.record.waited_for_connection = 3;
  EXPECT_THAT(judge(result), ElementsAre(HasSubstr("all of a load thread's share of the 10 connections were busy")));
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

TEST(Validity, SaysWhatToDoAboutALateClientByHowBusyItWas) {
  LoadResult result = good_result();
  result.record.schedule_lag.record(50ms);
  result.load_threads = {{.cpu_share = 0.01, .span = 5s}};
  EXPECT_THAT(judge(result),
              ElementsAre("the client itself was late (schedule lag p99 50 ms, limit 10 ms; its busiest thread used "
                          "1 % of a CPU): something else had the CPU; close other programs, or give the client a core "
                          "of its own, and run it again"));
  result.load_threads = {{.cpu_share = 0.9, .span = 5s}};
  EXPECT_THAT(judge(result), ElementsAre(HasSubstr("90 % of a CPU): give it more threads or a core of its own")));
}

TEST(Validity, ForgivesAClientThatWasLateOnceInAWhile) {
  LoadResult result = good_result();
  for (int i = 0; i < 200; ++i)
    result.record.schedule_lag.record(1ms);
  result.record.schedule_lag.record(50ms);
  EXPECT_THAT(judge(result), IsEmpty());
}

TEST(Validity, TakesTheEndThatAThresholdBringsForAnEnd) {
  LoadResult result = good_result();
  result.aborted_by = ThresholdOutcome{"p90<50ms", false, "> 100 ms"};
  EXPECT_THAT(judge(result), IsEmpty());
}

TEST(Validity, SaysInWhichStepTheClientWasLate) {
  LoadResult result = good_result();
  result.steps.resize(2);
  result.steps[1].from_rate = result.steps[1].to_rate = 200;
  for (int i = 0; i < 10; ++i)
    result.steps[1].record.schedule_lag.record(50ms);
  EXPECT_THAT(judge(result), ElementsAre(testing::StartsWith("step 2 (200/s): the client itself was late")));
}

TEST(Validity, RefusesSendsThatDoNotFitTheProcess) {
  LoadResult result = good_result();
  result.offered_rate = 100;
  result.arrival_fit = ArrivalFit{};
  result.arrival_fit->fits = false;
  result.arrival_fit->why_not = "they came in bursts";
  result.load_threads = {{.cpu_share = 0.01, .span = 5s}};
  EXPECT_THAT(judge(result),
              ElementsAre("they came in bursts: something else had the CPU; close other programs, or give "
                          "the client a core of its own, and run it again"));
}

TEST(Validity, RefusesAClosedLoopWhoseClientWasTheBottleneck) {
  LoadResult result = good_result();
  result.load_threads = {{.cpu_share = 0.5, .span = 5s}, {.cpu_share = 0.99, .span = 5s}};
  EXPECT_THAT(judge(result), ElementsAre(HasSubstr("a load thread used 99 % of a CPU")));
  result.load_threads.back().span = 500ms;
  EXPECT_THAT(judge(result), IsEmpty());
}

TEST(Validity, ForgivesABusyThreadThatKeptItsSchedule) {
  LoadResult result = good_result();
  result.offered_rate = 100;
  result.load_threads = {{.cpu_share = 0.99, .span = 5s}};
  EXPECT_THAT(judge(result), IsEmpty());
}

// Each limit just inside and just outside.

TEST(ValidityLimit, OfLostCpuTimeIsFivePercent) {
  LoadResult result = good_result();
  result.cpu_loss = {.stolen = 0.05, .throttled = 0.05};
  EXPECT_THAT(judge(result), IsEmpty());
  result.cpu_loss.stolen = 0.06;
  EXPECT_THAT(judge(result), ElementsAre(HasSubstr("other virtual machines took 6 % of the CPU time")));
  result.cpu_loss = {.stolen = 0, .throttled = 0.06};
  EXPECT_THAT(judge(result), ElementsAre(HasSubstr("was used up in 6 % of its periods")));
}

std::vector<std::string> with_busy_thread(double cpu_share, std::chrono::nanoseconds span) {
  LoadResult result = good_result();
  result.load_threads = {{.cpu_share = cpu_share, .span = span}};
  return judge(result);
}

TEST(ValidityLimit, OfABusyClientIs97PercentOfACpu) {
  EXPECT_THAT(with_busy_thread(0.9699, 5s), IsEmpty());
  EXPECT_THAT(with_busy_thread(0.97, 5s), ElementsAre(HasSubstr("a load thread used 97 % of a CPU")));
}

TEST(ValidityLimit, OfABusyClientIsLookedAtOverASecond) {
  EXPECT_THAT(with_busy_thread(1, 999ms), IsEmpty());
  EXPECT_THAT(with_busy_thread(1, 1s), ElementsAre(HasSubstr("a load thread used 100 % of a CPU")));
}

/// A hundred lags, of which so many are so long.
LoadResult with_lags(int count, std::chrono::nanoseconds lag) {
  LoadResult result = good_result();
  for (int i = 0; i < 100; ++i)
    result.record.schedule_lag.record(i < count ? lag : 1us);
  return result;
}

// A value is known to a thousandth.
TEST(ValidityLimit, OfTheLagIsTenMilliseconds) {
  EXPECT_THAT(judge(with_lags(100, 9'990us)), IsEmpty());
  EXPECT_THAT(judge(with_lags(100, 10'010us)), ElementsAre(HasSubstr("the client itself was late")));
}

TEST(ValidityLimit, OfTheLagIsForItsP99) {
  EXPECT_THAT(judge(with_lags(1, 50ms)), IsEmpty());
  EXPECT_THAT(judge(with_lags(2, 50ms)), ElementsAre(HasSubstr("the client itself was late")));
}

TEST(ValidityLimit, BetweenAClientsOwnWorkAndThatOfOthersIsHalfACpu) {
  LoadResult late = with_lags(100, 50ms);
  late.load_threads = {{.cpu_share = 0.4999, .span = 5s}};
  EXPECT_THAT(judge(late), ElementsAre(HasSubstr("something else had the CPU")));
  late.load_threads = {{.cpu_share = 0.5, .span = 5s}};
  EXPECT_THAT(judge(late), ElementsAre(HasSubstr("give it more threads")));
}

TEST(ValidityLimit, OfWaitingForAConnectionIsNoneAtAll) {
  LoadResult result = good_result();
  result.connections = 5;
  EXPECT_THAT(judge(result), IsEmpty());
  result.record.waited_for_connection = 1;
  EXPECT_THAT(judge(result), ElementsAre(HasSubstr("1 requests had to wait")));
}

TEST(ValidityLimit, OfStepsIsThatOfRuns) {
  for (const auto lag : {9'990us, 10'010us}) {
    LoadResult result = good_result();
    result.steps.resize(1);
    result.steps[0].record = with_lags(100, lag).record;
    EXPECT_EQ(judge_step(result, 0).size(), lag < 10ms ? 0u : 1u);
    EXPECT_EQ(judge(result).size(), lag < 10ms ? 0u : 1u);
  }
}

TEST(Validity, DoesNotHoldAMissedThresholdAgainstTheFigures) {
  LoadResult result = good_result();
  result.aborted = true;
  EXPECT_THAT(judge(result), IsEmpty());
}

}  // namespace
}  // namespace waitlab::client
