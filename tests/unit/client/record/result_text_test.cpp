#include "client/record/result_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace waitlab::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(ResultText, PrintsACensoredPercentileAsALowerBound) {
  LoadResult result;
  for (int i = 0; i < 4; ++i)
    result.record.time_out(ErrorKind::timeout, {}, 2s);
  EXPECT_THAT(to_text(result), HasSubstr("> 2.00 s"));
}

TEST(ResultText, ShowsTheAccount) {
  LoadResult result;
  result.record.begin();
  result.record.complete({.intended = 0s, .sent = 0s, .ended = 1ms}, 503);
  result.record.begin();
  result.record.fail(ErrorKind::reset, "Connection reset by peer");
  const std::string text = to_text(result);
  EXPECT_THAT(text, HasSubstr("2 sent = 1 completed + 1 failed + 0 timed out + 0 unfinished"));
  EXPECT_THAT(text, HasSubstr("503: 1"));
  EXPECT_THAT(text, HasSubstr("Connection reset by peer"));
  EXPECT_THAT(text, HasSubstr("Valid       yes"));
}

TEST(ResultText, SaysInvalidWithTheReasonInEightyColumns) {
  LoadResult result;
  result.invalid_because = {
      "all 10 connections were busy and 1234 requests had to wait inside the client: raise the cap"};
  const std::string text = to_text(result);
  EXPECT_THAT(text, HasSubstr("INVALID     all 10 connections"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 80u) << line;
}

}  // namespace
}  // namespace waitlab::client
