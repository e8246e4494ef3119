#include "common/text/count_text.hpp"

#include <gtest/gtest.h>

namespace waitlab {
namespace {

TEST(CountText, GroupsTheDigitsInThrees) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(999.6), "1,000");
  EXPECT_EQ(count_text(184756), "184,756");
  EXPECT_EQ(count_text(1234567), "1,234,567");
}

TEST(CountText, PutsNoCommaBehindAMinus) {
  EXPECT_EQ(count_text(-123), "-123");
  EXPECT_EQ(count_text(-1234), "-1,234");
}

TEST(CountText, RoundsWhatADoubleNoLongerCounts) {
  EXPECT_EQ(count_text(9e15), "9,000,000,000,000,000");
  EXPECT_EQ(count_text(1.2345e16), "1.23e+16");
}

}  // namespace
}  // namespace waitlab
