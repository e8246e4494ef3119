#include "client/record/load_record.hpp"

#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;

constexpr RequestTimes late{.intended = 1s, .sent = 1010ms, .ended = 1060ms};

TEST(LoadRecord, TakesResponseTimeFromTheIntendedStartAndServiceTimeFromTheSend) {
  LoadRecord record;
  record.complete(late, 200);
  EXPECT_NEAR(record.response_time.values.mean_ns(), 60e6, 0.1e6);
  EXPECT_NEAR(record.service_time.values.mean_ns(), 50e6, 0.1e6);
}

TEST(LoadRecord, CountsAnErrorStatusAsCompletedAndAsAnError) {
  LoadRecord record;
  record.complete(late, 404);
  record.complete(late, 503);
  EXPECT_EQ(record.requests.completed, 2u);
  EXPECT_EQ(record.requests.failed, 0u);
  EXPECT_EQ(record.error(ErrorKind::status_4xx).count, 1u);
  EXPECT_EQ(record.error(ErrorKind::status_5xx).count, 1u);
  EXPECT_EQ(record.error(ErrorKind::status_5xx).example, "status 503");
  EXPECT_EQ(record.error_count(), 2u);
}

TEST(LoadRecord, CountsResponsesThatNaglesAlgorithmKeptBack) {
  EXPECT_FALSE(is_nagle_stall(37ms, 100));
  EXPECT_TRUE(is_nagle_stall(38ms, 100));
  EXPECT_TRUE(is_nagle_stall(46ms, 64 * 1024));
  EXPECT_FALSE(is_nagle_stall(47ms, 100));
  EXPECT_FALSE(is_nagle_stall(40ms, 64 * 1024 + 1)) << "so large a response may take as long";
  LoadRecord record;
  ResponseSeen response(200);
  record.complete(late, response);
  response.nagle_stall = true;
  record.complete(late, response);
  LoadRecord other = record;
  other.merge(record);
  EXPECT_EQ(other.nagle_stalls, 2U);
}

/// An error status that came at once.
constexpr RequestTimes at_once{.intended = 1s, .sent = 1s, .ended = 1001ms};

TEST(LoadRecord, TellsTheTimesOfGoodAnswersFromThoseOfErrors) {
  LoadRecord record;
  record.complete(late, 200);
  EXPECT_FALSE(record.unwanted_response_time) << "it is large, and nothing went wrong yet";
  record.complete(at_once, 503);
  record.complete(at_once, 404);
  record.time_out(ErrorKind::timeout, late, 2s);
  EXPECT_EQ(record.unwanted_count(), 2u);
  EXPECT_EQ(record.response_time.values.count(), 4u);
  const CensoredHistogram good = record.good_response_time();
  EXPECT_EQ(good.values.count(), 2u);
  EXPECT_NEAR(static_cast<double>(good.values.min().count()), 60e6, 0.1e6);
  EXPECT_EQ(good.censored, 1u);
  EXPECT_EQ(good.least_censored, 2s);
}

TEST(LoadRecord, GivesGoodAnswersTheirShareOfTheEffectiveSamples) {
  LoadRecord record;
  record.complete(late, 200);
  for (int i = 0; i < 3; ++i)
    record.complete(at_once, 503);
  record.response_time.effective_samples = {2, 2, 2, 0};
  EXPECT_EQ(record.good_response_time().effective_samples, (EffectiveSamples{0.5, 0.5, 0.5, 0}));
}

TEST(LoadRecord, TakesAllTimesForGoodOnesWhereThoseOfErrorsWereNotKept) {
  LoadRecord record;
  record.complete(late, 200);
  record.complete(at_once, 503);
  record.unwanted_response_time.reset();
  EXPECT_EQ(record.good_response_time().values.count(), 2u);
}

TEST(LoadRecord, SplitsTheTimesOfGoodAnswersOnly) {
  LoadRecord record;
  record.complete(late, 200);
  record.complete(at_once, 503);
  EXPECT_EQ(record.split.count(), 1u);
}

TEST(LoadRecord, PutsATimedOutRequestIntoTheHistogramsAsALowerBound) {
  LoadRecord record;
  record.time_out(ErrorKind::timeout, late, 2s);
  EXPECT_EQ(record.response_time.censored, 1u);
  EXPECT_EQ(record.response_time.least_censored, 2s);
  EXPECT_EQ(record.service_time.least_censored, 1990ms);
}

TEST(LoadRecord, GivesARequestThatWasNeverSentNoServiceTime) {
  LoadRecord record;
  record.time_out_unsent(2s, "no connection became free");
  EXPECT_EQ(record.response_time.values.count(), 1u);
  EXPECT_EQ(record.service_time.values.count(), 0u);
  EXPECT_EQ(record.requests.timed_out, 1u);
}

TEST(LoadRecord, SumsUpWhateverHappens) {
  LoadRecord record;
  for (int i = 0; i < 6; ++i)
    record.begin();
  record.complete(late, 200);
  record.complete(late, 500);
  record.fail(ErrorKind::reset, "connection reset");
  record.time_out(ErrorKind::connect_timeout, late, 2s);
  record.time_out_unsent(2s, "no connection became free");
  record.leave_unfinished(3s);
  const RequestCounts& requests = record.requests;
  EXPECT_EQ(requests.sent, 6u);
  EXPECT_EQ(requests.ended(), 6u);
}

TEST(LoadRecord, KeepsTheFirstExampleOfAnError) {
  LoadRecord record;
  record.fail(ErrorKind::bad_response, "first");
  record.fail(ErrorKind::bad_response, "second");
  EXPECT_EQ(record.error(ErrorKind::bad_response).example, "first");
}

TEST(LoadRecord, MergesExactly) {
  LoadRecord a;
  a.complete(late, 200);
  a.reconnects = 1;
  LoadRecord b;
  b.complete(late, 200);
  b.complete(late, 404);
  b.time_out(ErrorKind::timeout, late, 2s);
  b.completed_in_window = 2;
  b.unwanted_in_window = 1;
  a.second_half = {.due = 0.5, .completed = 3};
  b.second_half = {.due = 4, .completed = 1};
  a.merge(b);
  EXPECT_EQ(a.requests.ended(), 4u);
  EXPECT_EQ(a.statuses.at(200), 2u);
  EXPECT_EQ(a.statuses.at(404), 1u);
  EXPECT_EQ(a.response_time.values.count(), 4u);
  EXPECT_EQ(a.response_time.least_censored, 2s);
  EXPECT_EQ(a.error(ErrorKind::status_4xx).example, "status 404");
  EXPECT_EQ(a.completed_in_window, 2u);
  EXPECT_EQ(a.unwanted_in_window, 1u);
  EXPECT_EQ(a.unwanted_response_time.value().count(), 1u);
  EXPECT_EQ(a.good_response_time().values.count(), 3u);
  EXPECT_EQ(a.second_half.due, 4.5);
  EXPECT_EQ(a.second_half.completed, 4u);
  EXPECT_EQ(a.reconnects, 1u);
}

TEST(SecondHalf, IsKeptUpWithWhereNothingIsDue) {
  EXPECT_TRUE(keeps_up({}));
}

// 97 % of 1,000 less 3 sqrt(1000) is 875.1.
TEST(SecondHalf, AllowsThePoissonNoiseOfACountAndNoMore) {
  EXPECT_TRUE(keeps_up({.due = 1000, .completed = 876}));
  EXPECT_FALSE(keeps_up({.due = 1000, .completed = 875}));
}

}  // namespace
}  // namespace waitlab::client
