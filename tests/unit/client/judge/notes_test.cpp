#include "client/judge/notes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

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
  LoadResult result = completed(999);
  fail(result, 1);
  EXPECT_THAT(notes_on(result), IsEmpty());
}

TEST(Notes, TellOfFewFailuresForTheyAreInNoPercentile) {
  LoadResult result = completed(998);
  fail(result, 2);
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("2 of 1000 requests failed")));
}

TEST(Notes, TellOfRequestsThatWereCut) {
  LoadResult result = completed(3);
  result.record.begin();
  result.record.leave_unfinished(3200ms);
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("1 of 4 requests were still in flight when the run was stopped, "
                                                      "the oldest for 3.20 s")));
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

/// 97 answers within 40 ms and 2 after 90 ms, and `errors` errors at once.
LoadResult with_errors(int errors) {
  LoadResult result = completed(errors, 503);
  for (int i = 0; i < 99; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0s, .sent = 0s, .ended = i < 97 ? 40ms : 90ms}, 200);
  }
  return result;
}

TEST(Notes, TellTheTimesWithoutErrorsThatCameAtOnce) {
  EXPECT_THAT(notes_on(with_errors(1)), IsEmpty());
  EXPECT_THAT(notes_on(with_errors(11)),
              ElementsAre(HasSubstr("11 of 110 requests were answered with an error status"),
                          "10 % of the responses were errors, half of them within 1 ms; without them p50 is 40 ms"));
  LoadResult more = with_errors(11);
  more.record.begin();
  more.record.time_out(ErrorKind::timeout, {.intended = 0s, .sent = 0s, .ended = 2s}, 2s);
  EXPECT_THAT(notes_on(more), Contains(EndsWith("without them p50 is 40 ms and p99 90 ms")));
}

TEST(Notes, SayNothingOfTimesThatWereNotKeptApart) {
  LoadResult result = with_errors(11);
  result.record.unwanted_response_time.reset();
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("were answered with an error status")));
}

TEST(Notes, TellOfUnexpectedAnswers) {
  LoadResult result;
  ResponseSeen response(200);
  response.unwanted = ErrorKind::unexpected_body;
  result.record.begin();
  result.record.complete({.intended = 0s, .sent = 0s, .ended = 1ms}, response);
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("1 of 1 requests got another answer than expected")));
}

LoadResult answered(double due, std::uint64_t completed) {
  LoadResult result;
  result.offered_rate = 100;
  result.window = 100s;
  result.record.second_half = {.due = due, .completed = completed};
  return result;
}

TEST(Notes, SayThatTheServerFellBehind) {
  EXPECT_THAT(notes_on(answered(5'000, 4'500)), ElementsAre(HasSubstr("fell behind: 4500 of the 5000 responses")));
  EXPECT_THAT(notes_on(answered(5'000, 4'875)), IsEmpty());
}

// At 97 % of what was due, less three standard deviations: 9,700 - 300, and 970,000 - 3,000.
TEST(NotesLimit, OfFallingBehindIs97PercentLessChance) {
  EXPECT_THAT(notes_on(answered(10'000, 9'400)), IsEmpty());
  EXPECT_THAT(notes_on(answered(10'000, 9'399)), ElementsAre(HasSubstr("fell behind")));
  EXPECT_THAT(notes_on(answered(1'000'000, 967'000)), IsEmpty());
  EXPECT_THAT(notes_on(answered(1'000'000, 966'999)), ElementsAre(HasSubstr("fell behind")));
}

TEST(NotesLimit, OfTimeoutsIsOnePercent) {
  LoadResult result = completed(99);
  result.record.begin();
  result.record.time_out(ErrorKind::timeout, {}, 2s);
  EXPECT_THAT(notes_on(result), IsEmpty());
  result.record.begin();
  result.record.time_out(ErrorKind::timeout, {}, 2s);
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("2 of 101 requests timed out")));
}

TEST(NotesLimit, OfPreemptionIs500TimesASecondOverASecond) {
  const auto noted = [](std::uint64_t switches, std::chrono::nanoseconds span) {
    LoadResult result;
    result.load_threads = {{.cpu_share = 0.5, .span = span, .involuntary_switches = switches}};
    return !notes_on(result).empty();
  };
  EXPECT_FALSE(noted(1000, 2s));
  EXPECT_TRUE(noted(1001, 2s));
  EXPECT_FALSE(noted(1001, 999ms));
}

TEST(NotesLimit, OfTheClientsPartIsATenth) {
  const auto noted = [](std::chrono::nanoseconds lag) {
    LoadResult result;
    result.record.begin();
    result.record.complete({.intended = 0s, .sent = lag, .ended = 1s}, 200);
    result.record.schedule_lag.record(lag);
    return !notes_on(result).empty();
  };
  EXPECT_FALSE(noted(99ms));
  EXPECT_TRUE(noted(101ms));
}

TEST(Notes, TellOfConnectionsToAnotherAddress) {
  LoadResult result;
  result.address = "[::1]:8080";
  result.record.connections = 5;
  result.record.elsewhere = 2;
  EXPECT_THAT(notes_on(result),
              ElementsAre(HasSubstr("2 of 5 connections went to another address of the host, as [::1]:8080 did not")));
}

TEST(Notes, TellOfBytesThatNobodyAskedFor) {
  LoadResult result;
  result.record.unasked = 2;
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("bytes on 2 idle connections that nobody had asked for")));
}

TEST(Notes, SayNothingOfABacklogInARunThatWasCutShort) {
  LoadResult result = answered(5'000, 0);
  result.aborted = true;
  EXPECT_THAT(notes_on(result), IsEmpty());
}

TEST(Notes, SayNothingOfABacklogWhereNoResponseComesWithinHalfTheWindow) {
  LoadResult result = completed(1);
  result.record.second_half = {.due = 100, .completed = 0};
  result.window = 3ms;
  EXPECT_THAT(notes_on(result), Not(IsEmpty()));
  result.window = 1900us;
  EXPECT_THAT(notes_on(result), IsEmpty());
}

TEST(Notes, DoNotTakeFailuresForABacklog) {
  LoadResult result = completed(50);
  fail(result, 50);
  result.record.second_half = {.due = 5'000, .completed = 2'500};
  result.window = 100s;
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("50 of 100 requests failed")));
}

TEST(Notes, SayInWhichStepTheServerFellBehind) {
  LoadResult result = answered(10'000, 7'500);
  result.steps.resize(2);
  for (StepResult& step : result.steps)
    step.window = 100s;
  result.steps[0].record.second_half = {.due = 5'000, .completed = 5'000};
  result.steps[1].record.second_half = {.due = 5'000, .completed = 2'500};
  EXPECT_THAT(notes_on(result), ElementsAre(testing::StartsWith("step 2: the server fell behind: 2500 of the 5000")));
}

TEST(Notes, TellOfTheClientsOwnPartInTheTimes) {
  LoadResult result;
  for (int i = 0; i < 100; ++i) {
    result.record.begin();
    result.record.complete({.intended = 0s, .sent = 2ms, .ended = 4ms}, 200);
    result.record.schedule_lag.record(2ms);
  }
  EXPECT_THAT(notes_on(result),
              ElementsAre(HasSubstr("the client's own lag: p50 (2 ms of 4 ms), p90 (2 ms of 4 ms), p99 (2 ms of 4 ms), "
                                    "max (2 ms of 4 ms)")));
}

TEST(Notes, TellOfOneStallOfTheClient) {
  LoadResult result;
  for (int i = 0; i < 1000; ++i) {
    const auto lag = i < 8 ? 500ms : 1ms;
    result.record.begin();
    result.record.complete({.intended = 0s, .sent = lag, .ended = lag + 20ms}, 200);
    result.record.schedule_lag.record(lag);
  }
  EXPECT_THAT(notes_on(result),
              ElementsAre(testing::EndsWith("the client's own lag: p99.9 (500 ms of 520 ms), max (500 ms of 520 ms)")));
}

TEST(NotesLimit, OfLostCpuTimeIsOnePercent) {
  LoadResult result;
  result.cpu_loss = {.stolen = 0.01, .throttled = 0.01};
  EXPECT_THAT(notes_on(result), IsEmpty());
  result.cpu_loss = {.stolen = 0.011, .throttled = 0.012};
  EXPECT_THAT(notes_on(result),
              ElementsAre("other virtual machines took 1.1 % of the CPU time that was wanted (steal)",
                          "the CPU quota of the client's control group was used up in 1.2 % of its periods"));
}

TEST(NotesLimit, OfNaglesAlgorithmIsATenthOfTheResponses) {
  LoadResult result = completed(100);
  result.record.nagle_stalls = 10;
  EXPECT_THAT(notes_on(result), IsEmpty());
  result.record.nagle_stalls = 11;
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("11 of 100 responses came in two parts about 40 ms apart")));
}

/// Ten seconds of which the first two were slower.
LoadResult unsteady() {
  LoadResult result = completed(1000);
  result.window = 10s;
  result.timeline.width = 100ms;
  for (int slice = 0; slice < 100; ++slice)
    result.timeline.stretches.push_back(
        {.ended = 10, .errors = 0, .p50 = (slice < 20 ? 80ms : 50ms) + slice % 3 * 1ms, .p99 = {}, .max = {}});
  return result;
}

TEST(Notes, SayThatARunWasNotSteady) {
  EXPECT_THAT(notes_on(unsteady()),
              ElementsAre("the run was not steady: the first 2 s were slower (p50 81 ms, else 51 ms); a longer "
                          "--warmup leaves them out"));
}

TEST(Notes, DoNotSayTwiceThatTheServerFellBehind) {
  LoadResult result = unsteady();
  result.record.second_half = {.due = 500, .completed = 300};
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("the server fell behind")));
}

TEST(Notes, TellOfAnOverflowingListenQueueAndOfACrowdedCpu) {
  LoadResult result;
  result.detour = "port 8080 is published by Docker";
  result.listen_overflows = 7;
  result.load_threads = {{.cpu_share = 0.5, .span = 2s, .involuntary_switches = 2'000}};
  EXPECT_THAT(notes_on(result), ElementsAre(HasSubstr("published by Docker"), HasSubstr("overflowed 7 times"),
                                            HasSubstr("1000 times a second")));
}

}  // namespace
}  // namespace waitlab::client
