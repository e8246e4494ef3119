#include "client/engine/response_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waitlab::client {
namespace {

using testing::HasSubstr;

TEST(StatusRange, IsOneStatusOrAHundred) {
  EXPECT_EQ(parse_status_range("204")->first, 204u);
  EXPECT_EQ(parse_status_range("204")->last, 204u);
  EXPECT_EQ(parse_status_range("3xx")->first, 300u);
  EXPECT_EQ(parse_status_range("3xx")->last, 399u);
}

TEST(StatusRange, RefusesWhatIsNone) {
  for (const char* text : {"", "20", "2000", "6xx", "0xx", "2x0", "abc", "20 "}) {
    const auto range = parse_status_range(text);
    ASSERT_FALSE(range) << text;
    EXPECT_THAT(range.error().message, HasSubstr("write it like 200 or 2xx"));
  }
}

}  // namespace
}  // namespace waitlab::client
