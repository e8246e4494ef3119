#include "client/lessons/avoid_sharing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using testing::HasSubstr;
using testing::Not;

CountingRates counted_with(double atomic, double side_by_side, double apart_64, double apart_128) {
  CountingRates rates;
  rates.atomic = atomic;
  rates.side_by_side = side_by_side;
  rates.apart_64 = apart_64;
  rates.apart_128 = apart_128;
  rates.messages = 4 * apart_128;
  return rates;
}

TEST(AvoidSharing, AWayIsGoodEnoughAtTwoThirdsOfTheBest) {
  EXPECT_EQ(counting_answer(counted_with(10, 20, 300, 290)), "padded");
  EXPECT_EQ(counting_answer(counted_with(10, 199, 290, 300)), "padded");
  EXPECT_EQ(counting_answer(counted_with(10, 201, 290, 300)), "sharded");
  EXPECT_EQ(counting_answer(counted_with(199, 290, 290, 300)), "sharded");
  EXPECT_EQ(counting_answer(counted_with(201, 290, 290, 300)), "none");
  EXPECT_EQ(counting_answer(counted_with(201, 20, 290, 300)), "atomic");
}

TEST(AvoidSharing, TellsByHowMuchALineOfItsOwnIsFaster) {
  const std::string text = counting_conclusion(counted_with(10, 12, 300, 290));
  EXPECT_THAT(text, HasSubstr("they came to 1.2 times the rate of the one counter"));
  EXPECT_THAT(text, HasSubstr("they came to 30.0 times"));
  EXPECT_THAT(text, Not(HasSubstr("in pairs")));
}

TEST(AvoidSharing, CallsCountersSideBySideNoBetterOffOnlyWhereTheyAreNot) {
  EXPECT_THAT(counting_conclusion(counted_with(10, 14, 300, 290)), HasSubstr("the same line are no better off"));
  EXPECT_THAT(counting_conclusion(counted_with(10, 16, 300, 290)), HasSubstr("the same line share that cost still"));
}

TEST(AvoidSharing, SaysWhereTheMachineContradictsTheFolklore) {
  EXPECT_THAT(counting_conclusion(counted_with(290, 290, 300, 300)), HasSubstr("though the folklore says"));
  CountingRates siblings = counted_with(100, 290, 300, 300);
  EXPECT_THAT(counting_conclusion(siblings), Not(HasSubstr("CPUs of one core")));
  siblings.own_cores = false;
  EXPECT_THAT(counting_conclusion(siblings), HasSubstr("CPUs of one core"));
}

TEST(AvoidSharing, NoticesThatALineWasNotFarEnough) {
  EXPECT_THAT(counting_conclusion(counted_with(10, 12, 150, 300)), HasSubstr("2.0 times as fast as 64 bytes apart"));
  CountingRates on_one_core = counted_with(10, 12, 150, 300);
  on_one_core.own_cores = false;
  EXPECT_THAT(counting_conclusion(on_one_core), Not(HasSubstr("64 bytes apart")));
}

}  // namespace
}  // namespace waitlab::client
