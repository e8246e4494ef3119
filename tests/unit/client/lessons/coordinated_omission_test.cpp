#include "client/lessons/coordinated_omission.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace waitlab::client {
namespace {

using testing::HasSubstr;
using testing::Not;

StopsSeen p99s_of(Seconds closed, Seconds from_send, Seconds open) {
  StopsSeen seen;
  seen.closed.p99 = closed;
  seen.from_send.p99 = from_send;
  seen.from_due.p99 = open;
  seen.open.p99 = open;
  return seen;
}

std::string answer_of_ways(double closed, double from_send, double open) {
  return answer_of_stops(p99s_of(Seconds(closed), Seconds(from_send), Seconds(open)));
}

TEST(CoordinatedOmission, AnswersByWhoseP99TellsOfTheStop) {
  EXPECT_EQ(answer_of_ways(0.006, 0.006, 0.95), "open");
  EXPECT_EQ(answer_of_ways(0.006, 0.95, 0.95), "rates");
  EXPECT_EQ(answer_of_ways(0.95, 0.95, 0.95), "all");
  EXPECT_EQ(answer_of_ways(0.006, 0.006, 0.006), "none");
}

TEST(CoordinatedOmission, TakesAQuarterOfTheStopForAPartOfIt) {
  EXPECT_EQ(answer_of_ways(0.249, 0.249, 0.251), "open");
  EXPECT_EQ(answer_of_ways(0.249, 0.249, 0.249), "none");
}

TEST(CoordinatedOmission, HasNoAnswerForWhatNobodyPredictsOrWasNotMeasured) {
  EXPECT_EQ(answer_of_ways(0.95, 0.006, 0.006), "");
  EXPECT_EQ(answer_of_ways(0.95, 0.006, 0.95), "");
  StopsSeen seen = p99s_of(Seconds(0.006), Seconds(0.006), Seconds(0.95));
  seen.from_send.p99.reset();
  EXPECT_EQ(answer_of_stops(seen), "");
}

TEST(CoordinatedOmission, ExpectsTheP99ThatARunOfThatLengthHas) {
  std::vector<double> times;  // 100/s for 5 s, of which the second one stands still
  for (int due = 0; due < 500; ++due)
    times.push_back(0.005 + (due >= 100 && due < 200 ? 2.0 - due / 100.0 : 0));
  std::ranges::sort(times);
  EXPECT_NEAR(p99_with_a_stop(Seconds(5), Seconds(1), Seconds(0.005)).count(), times[494], 0.015);
}

TEST(CoordinatedOmission, SaysOneForEachConnectionOnlyWhereThatManyWaited) {
  StopsSeen seen = p99s_of(Seconds(0.006), Seconds(0.006), Seconds(0.95));
  seen.closed.requests = 1526;
  seen.closed.slow = 2;
  EXPECT_THAT(stop_sentences(seen), HasSubstr("saw 2 of them wait, one for each connection, as"));
  seen.closed.slow = 3;
  EXPECT_THAT(stop_sentences(seen), HasSubstr("saw 3 of them wait; its p99"));
}

TEST(CoordinatedOmission, SaysWhereTheMachineContradictsTheory) {
  EXPECT_THAT(stop_sentences(p99s_of(Seconds(0.006), Seconds(0.006), Seconds(0.95))), Not(HasSubstr("otherwise")));
  EXPECT_THAT(stop_sentences(p99s_of(Seconds(0.006), Seconds(0.006), Seconds(0.006))), HasSubstr("otherwise"));
}

}  // namespace
}  // namespace waitlab::client
